// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "protocol/dhcp/dhcp.hpp"
#include "protocol/dhcp/labels.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dhcp {
namespace {

constexpr std::uint8_t relay_forward = 12, relay_reply = 13;

std::string_view type_name(std::uint8_t type) {
    constexpr std::array<std::string_view, 14> names{"",
                                                     "solicit",
                                                     "advertise",
                                                     "request",
                                                     "confirm",
                                                     "renew",
                                                     "rebind",
                                                     "reply",
                                                     "release",
                                                     "decline",
                                                     "reconfigure",
                                                     "information-request",
                                                     "relay-forward",
                                                     "relay-reply"};
    return type < names.size() ? names[type] : std::string_view{};
}

std::string duid_text(Bytes duid) {
    return to_hex(duid.first(std::min(duid.size(), limits.identifier_bytes_max)));
}

/// RFC 8415, section 11.2 and 11.4: types 1 and 3 end with the address of an interface.
MacAddress mac_of(Bytes duid) {
    WireReader in{duid};
    const auto type = in.u16();
    const auto hardware = in.u16();
    if (type == 1) in.skip(4);
    MacAddress mac;
    if ((type == 1 || type == 3) && hardware == 1 && in.remaining() == mac.bytes.size())
        std::ranges::copy(in.rest(), mac.bytes.begin());
    return mac;
}

/// RFC 4704, section 4: flags, then labels with their lengths.
std::string fqdn_of(Bytes value) {
    WireReader in{value};
    in.skip(1);
    return labels_text(in.rest());
}

std::string numbers_of(Bytes value) {
    std::string text;
    WireReader in{value.first(std::min(value.size(), 2 * limits.parameters_max))};
    while (in.remaining() >= 2) {
        if (!text.empty()) text += ',';
        text += std::to_string(in.u16());
    }
    return text;
}

/// RFC 8415, section 21.4 and 21.6: addresses are options inside the option of an association.
void read_addresses(Bytes association, event::Dhcpv6& told) {
    constexpr std::uint16_t address_option = 5;
    WireReader in{association};
    in.skip(12);   // its number and two times
    while (in.remaining() >= 4 && told.addresses.size() < limits.addresses_max) {
        const auto code = in.u16();
        const auto value = in.take(in.u16());
        if (code != address_option || value.size() < 16) continue;
        IpAddress address;
        address.family = IpAddress::Family::v6;
        std::ranges::copy(value.first(16), address.bytes.begin());
        told.addresses.push_back(to_text(address));
    }
}

void read_option(std::uint16_t code, Bytes value, event::Dhcpv6& told) {
    switch (code) {
        case 1:
            told.client_duid = duid_text(value);
            told.client_mac = mac_of(value);
            break;
        case 2: told.server_duid = duid_text(value); break;
        case 3: read_addresses(value, told); break;
        case 6: told.params = numbers_of(value); break;
        case 16: {   // an enterprise's number, then texts with their lengths
            WireReader in{value};
            in.skip(4);
            told.vendor_class = clipped(as_text(in.take(in.u16())));
            break;
        }
        case 39: told.fqdn = fqdn_of(value); break;
        default: break;
    }
}

/// The message that a relay agent passes on, under at most as many agents as RFC 8415, section 7.6 allows.
Bytes unwrapped(Bytes message) {
    constexpr int hops_max = 8;
    constexpr std::uint16_t relay_message_option = 9;
    for (int hop = 0; hop < hops_max; ++hop) {
        WireReader in{message};
        const auto type = in.u8();
        if (type != relay_forward && type != relay_reply) return message;
        in.skip(33);   // hops and two addresses
        message = {};
        while (in.remaining() >= 4 && message.empty()) {
            const auto code = in.u16();
            const auto value = in.take(in.u16());
            if (code == relay_message_option) message = value;
        }
    }
    return {};
}

}   // namespace

std::optional<event::Dhcpv6> read_dhcpv6(Bytes datagram) {
    const auto message = unwrapped(datagram);
    WireReader in{message};
    event::Dhcpv6 told;
    told.type = type_name(in.u8());
    told.id = to_hex(in.take(3));
    told.relayed = message.size() != datagram.size();
    for (std::size_t i = 0; i < limits.options_max && in.remaining() > 0; ++i) {
        const auto code = in.u16();
        const auto value = in.take(in.u16());
        if (!in.truncated()) read_option(code, value, told);
    }
    if (in.truncated() || told.type.empty()) return std::nullopt;
    return told;
}

}   // namespace ward::protocol::dhcp
