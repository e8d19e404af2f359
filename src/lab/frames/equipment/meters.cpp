// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/meters.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace ward::lab {
namespace {

using namespace std::chrono;
using enum DeviceKind;
using hundredths = duration<std::int64_t, std::centi>;

bool prints(const Device& device) { return device.kind == printer || device.kind == label_printer; }

/// RFC 3418: sysDescr, as makers have it.
std::string description_of(const Device& device) {
    if (device.kind == network_switch)
        return "Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a";
    if (device.vendor == "Aruba") return fmt::format("ArubaOS (MODEL: {}), Version 8.10.0.7", device.model);
    if (device.vendor == "APC")
        return fmt::format("APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.9.6 MN:AP9631 SN: {})",
                           device.serial);
    if (device.vendor == "HP" && prints(device))
        return "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM JSI24000012";
    if (device.vendor == "Lexmark")
        return fmt::format("Lexmark {} version CXTPC.081.232 kernel 4.17.19-yocto-standard", device.model);
    return fmt::format("{} {}", device.vendor, device.model);
}

/// How much goes through a network, as a share of noon's.
double business(Moment at) {
    const auto hour = hour_of(at);
    const double by_hour = hour >= 8 && hour < 17 ? 1 : hour >= 6 && hour < 22 ? 0.5 : 0.15;
    return is_weekend(at) ? by_hour * 0.5 : by_hour;
}

/// Counters of 32 bits begin anew.
snmp::Counter counter(std::uint64_t count) { return {static_cast<std::uint32_t>(count)}; }

}   // namespace

Meters::Meter& Meters::of(const Device& device) {
    const auto known = meters_.find(device.address);
    if (known != meters_.end()) return known->second;
    auto random = random_.stream(to_text(device.mac));
    Meter meter{.random = random};
    const double days_up = std::min(440.0, random.around(prints(device) ? 15 : 140, 2.2));
    meter.booted = story_.begin() - seconds_of(days_up * 86'400);
    meter.read = story_.begin();
    meter.sheets = static_cast<std::uint64_t>(random.around(40'000, 2.5));
    meter.a_supply = static_cast<std::uint64_t>(random.between(30, 120)) * 100;
    meter.rate = random.around(60'000, 3);
    meter.out_share = random.around(0.6, 2);
    meter.octets_in = static_cast<std::uint64_t>(meter.rate * days_up * 86'400 * 0.5);
    meter.octets_out = static_cast<std::uint64_t>(static_cast<double>(meter.octets_in) * meter.out_share);
    meter.minutes = random.between(34, 62);
    meter.random = random;
    return meters_.emplace(device.address, meter).first->second;
}

void Meters::print(const Device& printer, int sheets) {
    of(printer).sheets += static_cast<std::uint64_t>(sheets);
}

void Meters::carry(Meter& meter, Moment at) {
    const double came = meter.rate * business(at) * duration<double>{at - meter.read}.count();
    meter.octets_in += static_cast<std::uint64_t>(came * meter.random.around(1, 1.5));
    meter.octets_out += static_cast<std::uint64_t>(came * meter.out_share * meter.random.around(1, 1.5));
    meter.read = at;
}

std::vector<snmp::Reading> Meters::read(const Device& device, Moment at) {
    auto& meter = of(device);
    const auto up = floor<hundredths>(at - meter.booted).count();
    std::vector<snmp::Reading> all{
        {"1.3.6.1.2.1.1.1.0", description_of(device)},
        {"1.3.6.1.2.1.1.3.0", snmp::Ticks{static_cast<std::uint32_t>(up)}},
        {"1.3.6.1.2.1.1.5.0", device.name},
    };
    if (device.kind == power_supply) {
        all.push_back({"1.3.6.1.2.1.33.1.2.3.0", meter.minutes});
        all.push_back({"1.3.6.1.2.1.33.1.2.4.0", 100});   // percent charged
        all.push_back({"1.3.6.1.2.1.33.1.4.1.0", 3});     // on the mains
    } else if (prints(device)) {
        const auto left = 100 - meter.sheets % meter.a_supply * 100 / meter.a_supply;
        all.push_back({"1.3.6.1.2.1.25.3.5.1.1.1", 3});   // idle
        all.push_back({"1.3.6.1.2.1.43.10.2.1.4.1.1", counter(meter.sheets)});
        all.push_back({"1.3.6.1.2.1.43.11.1.1.9.1.1", static_cast<int>(left)});
    } else {
        carry(meter, at);
        all.push_back({"1.3.6.1.2.1.2.2.1.10.1", counter(meter.octets_in)});
        all.push_back({"1.3.6.1.2.1.2.2.1.16.1", counter(meter.octets_out)});
        all.push_back({"1.3.6.1.2.1.2.2.1.5.1", snmp::Gauge{1'000'000'000}});
    }
    return all;
}

}   // namespace ward::lab
