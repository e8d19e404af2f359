// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/building_traffic.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "lab/frames/devices/modbus.hpp"
#include "wire/wire_reader.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::size_t meters_per_site = 2;
constexpr std::uint16_t registered_for = 600;   // seconds
constexpr Mac everybody{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

/// ASHRAE's list of vendors.
std::uint8_t vendor_number(std::string_view vendor) { return vendor == "Siemens" ? 7 : 5; }

}   // namespace

BuildingTraffic::BuildingTraffic(Tap& tap, Story& story)
    : tap_(tap), story_(story), random_(story.dice("building traffic")) {
    const auto& devices = story.network().devices;
    for (std::uint32_t i = 0; i < devices.size(); ++i)
        if (devices[i].kind == DeviceKind::vendor_gateway) add_site(DeviceId{i});
}

void BuildingTraffic::add_site(DeviceId head_end) {
    const auto all = story_.network().of(DeviceKind::building_controller, story_.network().at(head_end).site);
    const auto site = sites_.size();
    sites_.push_back({{}, static_cast<std::uint16_t>(random_->next())});
    for (const auto device : all) {
        sites_.back().controllers.push_back(controllers_.size());
        add_controller(head_end, device);
    }
    for (std::size_t i = 0; i < meters_per_site && i < all.size(); ++i)
        add_meter(head_end, all[all.size() - 1 - i]);
    story_.agenda().in(seconds{random_->between(1, 20)}, [this, site] { register_head_end(site); });
    story_.agenda().in(seconds{random_->between(30, 1'200)}, [this, site] { discover(site); });
}

void BuildingTraffic::add_controller(DeviceId head_end, DeviceId device) {
    constexpr std::array pauses{180, 300, 600};
    const auto& network = story_.network();
    const LineEnds ends{network.at(head_end), network.at(device), bacnet::port, bacnet::port};
    Controller added{device, UdpLine{tap_, network, ends, random_->stream(place(device))}};
    const auto number = controllers_.size();
    added.instance = static_cast<std::uint32_t>(260'000 + 10 * number);
    added.pause = seconds{random_->pick(pauses)};
    using enum bacnet::ObjectType;
    const auto air = static_cast<std::uint32_t>(random_->between(3, 9));
    for (std::uint32_t i = 1; i <= air; ++i)
        added.points.push_back({{analog_input, i}, random_->normal(21.5, 0.8), random_->uniform() * 2});
    added.points.push_back({{analog_value, 1}, 21, 0});                                   // wanted
    added.points.push_back({{analog_input, 20}, random_->normal(45, 4), 5});              // humidity, percent
    added.points.push_back({{binary_output, 1}, random_->chance(0.8) ? 9.0 : -9.0, 3});   // a fan
    added.points.push_back({{binary_input, 1}, -9, 3});                                   // a filter's alarm
    controllers_.push_back(std::move(added));
    story_.agenda().in(seconds{random_->between(1, 300)}, [this, number] { poll(number); });
}

void BuildingTraffic::add_meter(DeviceId head_end, DeviceId device) {
    const auto& network = story_.network();
    const auto port = static_cast<std::uint16_t>(random_->between(32'768, 60'999));
    const auto number = meters_.size();
    meters_.push_back({TcpLine{tap_,
                               network,
                               {network.at(head_end), network.at(device), port, modbus::port},
                               random_->stream(1'000'000 + place(device))},
                       static_cast<std::uint16_t>(random_->next()),
                       static_cast<std::uint16_t>(random_->between(0, 40) * 10),
                       static_cast<std::uint16_t>(random_->between(6, 32)), 210});
    story_.agenda().in(milliseconds{random_->between(1, 30'000)}, [this, number] { read(number); });
    // Warmer for the day.
    const auto morning = 5h + minutes{random_->between(0, 59)},
               evening = 21h + minutes{random_->between(0, 59)};
    story_.agenda().in(morning, [this, number] { write(number, 215); });
    story_.agenda().in(evening, [this, number] { write(number, 190); });
}

double BuildingTraffic::value_of(double middle, double swing) {
    const auto since = story_.now() - floor<days>(story_.now());
    const auto hour = duration<double, hours::period>(since).count();
    return middle + swing * std::sin((hour - 9) / 12 * std::numbers::pi) + random_->normal(0, 0.05);
}

void BuildingTraffic::poll(std::size_t number) {
    auto& controller = controllers_[number];
    auto at = story_.now();
    for (const auto& point : controller.points) {
        const auto invoke = ++controller.invoke;
        using bacnet::Function;
        const auto asked = read_present_value(invoke, point.object);
        at = controller.line.send(Side::client, over_ip(Function::original_unicast, asked), at);
        at += microseconds{static_cast<std::int64_t>(random_->around(6'000, 1.8))};
        const auto value = point.swing == 0 ? point.middle : value_of(point.middle, point.swing);
        const auto told = random_->chance(0.0005)   // while it is configured
                              ? bacnet::refuse(invoke)
                              : present_value(invoke, point.object, static_cast<float>(value));
        at = controller.line.send(Side::server, over_ip(Function::original_unicast, told), at);
        at += microseconds{static_cast<std::int64_t>(random_->around(2'500, 2))};
    }
    const auto next = controller.pause + milliseconds{random_->between(-1'500, 1'500)};
    story_.agenda().in(next, [this, number] { poll(number); });
}

void BuildingTraffic::read(std::size_t number) {
    auto& meter = meters_[number];
    const auto function =
        meter.transaction % 4 == 0 ? modbus::Function::read_holding : modbus::Function::read_input;
    const modbus::Exchange exchange{++meter.transaction, 1, function, meter.address};
    auto at = meter.line.send(Side::client, modbus::read(exchange, meter.count), story_.now());
    at += microseconds{static_cast<std::int64_t>(random_->around(9'000, 1.7))};
    if (random_->chance(0.002)) {
        meter.line.send(Side::server, modbus::busy(exchange), at);
    } else {
        std::vector<std::uint16_t> values{static_cast<std::uint16_t>(meter.target)};
        while (values.size() < meter.count)
            values.push_back(static_cast<std::uint16_t>(
                value_of(meter.target + 40.0 * static_cast<double>(values.size()), 9)));
        meter.line.send(Side::server, modbus::registers(exchange, values), at);
    }
    story_.agenda().in(30s + milliseconds{random_->between(-200, 200)}, [this, number] { read(number); });
}

void BuildingTraffic::write(std::size_t number, int target) {
    auto& meter = meters_[number];
    meter.target = target + random_->between(-5, 5);
    const modbus::Exchange exchange{++meter.transaction, 1, modbus::Function::write_register, meter.address};
    const auto unit = modbus::write(exchange, static_cast<std::uint16_t>(meter.target));
    const auto at = meter.line.send(Side::client, unit, story_.now());
    meter.line.send(Side::server, unit,
                    at + microseconds{static_cast<std::int64_t>(random_->around(14'000, 1.6))});
    story_.agenda().in(24h + minutes{random_->between(-8, 8)},
                       [this, number, target] { write(number, target); });
}

/// Routers keep broadcasts back: the head end asks one controller to hand them on (annex J.5).
void BuildingTraffic::register_head_end(std::size_t number) {
    auto& repeater = controllers_[sites_[number].controllers.front()];
    Buffer lifetime;
    append_big_endian(lifetime, registered_for);
    using bacnet::Function;
    const auto at =
        repeater.line.send(Side::client, over_ip(Function::register_foreign_device, lifetime), story_.now());
    repeater.line.send(Side::server, over_ip(Function::result, Buffer(2)), at + 4ms);
    story_.agenda().in(seconds{registered_for / 2}, [this, number] { register_head_end(number); });
}

/// Who is there, a few times a day.
void BuildingTraffic::discover(std::size_t number) {
    auto& site = sites_[number];
    auto& repeater = controllers_[site.controllers.front()];
    using bacnet::Function;
    const auto asked = bacnet::who_is();
    auto at =
        repeater.line.send(Side::client, over_ip(Function::distribute_broadcast, asked), story_.now()) + 2ms;
    const auto& devices = story_.network();
    const auto head_end = devices.one_of(DeviceKind::vendor_gateway, devices.at(repeater.device).site);
    broadcast(site, repeater.device, bacnet::forwarded(devices.at(head_end).address, asked), at);
    for (const auto one : site.controllers) {
        const auto& controller = controllers_[one];
        const auto& device = devices.at(controller.device);
        const auto told = bacnet::i_am(controller.instance, vendor_number(device.vendor));
        at += microseconds{static_cast<std::int64_t>(random_->around(21'000, 2))};
        broadcast(site, controller.device, over_ip(Function::original_broadcast, told), at);
        repeater.line.send(Side::server, bacnet::forwarded(device.address, told), at + 1ms);
    }
    story_.agenda().in(4h + minutes{random_->between(-10, 10)}, [this, number] { discover(number); });
}

void BuildingTraffic::broadcast(Site& site, DeviceId from, Bytes datagram, Moment at) {
    const auto& device = story_.network().at(from);
    const Route route{device.mac, everybody, device.address, device.address | 0xfffU,
                      64};   // a VLAN is a /20
    tap_.add({at, udp_frame(route, ++site.ip_id, bacnet::port, bacnet::port, datagram)});
}

}   // namespace ward::lab
