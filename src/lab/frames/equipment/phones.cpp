// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/phones.hpp"

#include <fmt/format.h>
#include <map>

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

using enum DeviceKind;

constexpr unsigned first_extension = 10'000;

std::string hex(Random& random, std::size_t bytes) { return to_hex(opaque(random, bytes)); }

std::string agent_of(const Device& phone) {
    if (phone.vendor == "Cisco") return fmt::format("Cisco-CP{}/14.1.1", phone.model.substr(3));
    return fmt::format("{} {}", phone.vendor, phone.model);
}

bool is_phone(DeviceKind kind) {
    return kind == desk_phone || kind == handheld_phone || kind == nurse_call_station;
}

DeviceKind registrar_of(DeviceKind kind) {
    return kind == nurse_call_station ? nurse_call_server : call_manager;
}

}   // namespace

Phones::Phones(Wires& wires) : wires_(wires) {
    const auto random = wires.story().random().stream("phones");
    std::map<std::pair<DeviceKind, int>, unsigned> given;   // by each site's registrar
    for (const auto& device : wires.network().equipment) {
        if (!is_phone(device.kind)) continue;
        auto own = random.stream(to_text(device.mac));
        const auto place = given[{registrar_of(device.kind), device.site}]++;
        lines_.emplace(device.address, Line{.extension = std::to_string(first_extension + place),
                                            .call = hex(own, 8),
                                            .tag = hex(own, 4),
                                            .number = static_cast<unsigned>(own.between(100, 9'000))});
    }
}

void Phones::enrol(const Device& phone, Moment at) {
    const auto* registrar = wires_.server_if_any(registrar_of(phone.kind), phone.site);
    if (registrar == nullptr) return;
    auto& line = lines_.at(phone.address);
    auto& dice = wires_.random_of(phone);
    sip::Registration registration{.extension = line.extension,
                                   .domain = wires_.full_name(*registrar),
                                   .phone = to_text(phone.address),
                                   .agent = agent_of(phone),
                                   .call = line.call,
                                   .tag = line.tag,
                                   .branch = hex(dice, 5),
                                   .number = ++line.number,
                                   .holds = enrolled_for};
    const sip::Digest digest{hex(dice, 8), hex(dice, 4), hex(dice, 16)};
    const Wires::Question question{phone, *registrar, sip::port, sip::port};
    at = wires_.ask(question, as_bytes(sip::register_request(registration)),
                    as_bytes(sip::unauthorized(registration, {hex(dice, 4), digest.nonce})), at);
    registration.branch = hex(dice, 5);
    registration.number = ++line.number;
    at += milliseconds_of(dice.around(6, 1.6));
    wires_.ask(question, as_bytes(sip::register_request(registration, digest)),
               as_bytes(sip::registered(registration, {hex(dice, 4), at})), at);
}

}   // namespace ward::lab
