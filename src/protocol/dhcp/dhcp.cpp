// SPDX-License-Identifier: Apache-2.0
#include "protocol/dhcp/dhcp.hpp"

#include <algorithm>

#include "protocol/dhcp/labels.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dhcp {
namespace {

constexpr std::uint32_t magic_cookie = 0x63825363;   // RFC 2131, section 3
constexpr std::size_t cookie_at = 236;

std::string_view type_name(std::uint8_t type) {
    constexpr std::array<std::string_view, 9> names{"",    "discover", "offer",   "request", "decline",
                                                    "ack", "nak",      "release", "inform"};
    return type < names.size() ? names[type] : "other";
}

std::string address_text(Bytes bytes) {
    IpAddress address;
    if (bytes.size() != 4) return {};
    address.family = IpAddress::Family::v4;
    std::ranges::copy(bytes, address.bytes.begin());
    return to_text(address);
}

/// Empty for 0.0.0.0, which stands for none.
std::string address_or_none(Bytes bytes) {
    const bool none = std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
    return none ? std::string{} : address_text(bytes);
}

std::vector<std::string> addresses_of(Bytes bytes) {
    std::vector<std::string> found;
    WireReader in{bytes};
    while (in.remaining() >= 4 && found.size() < limits.addresses_max)
        found.push_back(address_text(in.take(4)));
    return found;
}

std::string numbers_of(Bytes bytes) {
    std::string text;
    for (const auto byte : bytes.first(std::min(bytes.size(), limits.parameters_max))) {
        if (!text.empty()) text += ',';
        text += std::to_string(std::to_integer<unsigned>(byte));
    }
    return text;
}

/// Some clients count a final zero in.
std::string text_of(Bytes bytes) {
    auto text = as_text(bytes);
    while (text.ends_with('\0')) text.remove_suffix(1);
    return clipped(text);
}

/// RFC 4702, section 2: flags and two codes, then a name, of which bit E says how it is written.
std::string fqdn_of(Bytes bytes) {
    WireReader in{bytes};
    const bool encoded = (in.u8() & 4U) != 0;
    in.skip(2);
    if (!encoded) return text_of(in.rest());
    return labels_text(in.rest());
}

void read_option(std::uint8_t code, Bytes value, event::Dhcp& told) {
    switch (code) {
        case 1: told.subnet_mask = address_text(value); break;
        case 3: told.routers = addresses_of(value); break;
        case 6: told.dns_servers = addresses_of(value); break;
        case 12: told.hostname = text_of(value); break;
        case 15: told.domain = text_of(value); break;
        case 50: told.requested_ip = address_text(value); break;
        case 51: told.lease_time = WireReader{value}.u32(); break;
        case 53: told.dhcp_type = type_name(WireReader{value}.u8()); break;
        case 54: told.server_id = address_text(value); break;
        case 55:   // RFC 3396: a long one comes in parts
            if (!told.params.empty()) told.params += ',';
            told.params += numbers_of(value);
            break;
        case 60: told.vendor_class_identifier = text_of(value); break;
        case 61:
            told.client_id = to_hex(value.first(std::min(value.size(), limits.identifier_bytes_max)));
            break;
        case 81:
            if (told.hostname.empty()) told.hostname = fqdn_of(value);
            break;
        default: break;
    }
}

/// Returns the value of option 52: which other fields hold options (RFC 2132, 9.3).
std::uint8_t read_options(WireReader in, event::Dhcp& told) {
    constexpr std::uint8_t pad = 0, overload = 52, end = 255;
    std::uint8_t overloaded = 0;
    for (std::size_t i = 0; i < limits.options_max && in.remaining() > 0;) {
        const auto code = in.u8();
        if (code == pad) continue;
        if (code == end) break;
        const auto value = in.take(in.u8());
        if (in.truncated()) break;
        if (code == overload) overloaded = WireReader{value}.u8();
        read_option(code, value, told);
        ++i;
    }
    return overloaded;
}

template <class Message, std::optional<Message> (*read)(Bytes)>
class DatagramSession final : public Session {
public:
    void data(Side /*from*/, Bytes bytes, Output& out) override {
        auto told = read(bytes);
        if (!told) return out.malformed("no DHCP message", bytes.size());
        out.emit(std::move(*told));
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& /*out*/) override {}
    std::size_t memory() const noexcept override { return sizeof *this; }
};

}   // namespace

std::optional<event::Dhcp> read_dhcp(Bytes datagram) {
    constexpr std::uint8_t request = 1, reply = 2, ethernet = 1;
    WireReader in{datagram};
    event::Dhcp told;
    const auto operation = in.u8();
    const auto hardware = in.u8();
    const auto hardware_bytes = in.u8();
    in.skip(1);   // hops
    told.id = to_hex(in.take(4));
    in.skip(4);   // seconds and flags
    told.client_ip = address_or_none(in.take(4));
    told.assigned_ip = address_or_none(in.take(4));
    in.skip(4);   // the server of the next step of booting
    told.relay_ip = address_or_none(in.take(4));
    const auto address = in.take(16);
    const auto server_name = in.take(64);   // both for booting
    const auto boot_file = in.take(128);
    if (in.u32() != magic_cookie || (operation != request && operation != reply)) return std::nullopt;
    told.type = operation == request ? "request" : "reply";
    if (hardware == ethernet && hardware_bytes == told.client_mac.bytes.size())
        std::ranges::copy(address.first(hardware_bytes), told.client_mac.bytes.begin());
    const auto overloaded = read_options(in, told);
    if ((overloaded & 1U) != 0) read_options(WireReader{boot_file}, told);
    if ((overloaded & 2U) != 0) read_options(WireReader{server_name}, told);
    return told;
}

Verdict probe(Bytes first, Side /*from*/) {
    if (first.size() < cookie_at + 4) return Verdict::no;
    return WireReader{first.subspan(cookie_at)}.u32() == magic_cookie && read_dhcp(first) ? Verdict::yes
                                                                                          : Verdict::no;
}

Verdict probe_v6(Bytes first, Side /*from*/) {
    // No more than a number under 14 and options whose lengths fit: the port has to agree.
    return read_dhcpv6(first) ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_session() {
    return std::make_unique<DatagramSession<event::Dhcp, read_dhcp>>();
}
std::unique_ptr<Session> open_v6_session() {
    return std::make_unique<DatagramSession<event::Dhcpv6, read_dhcpv6>>();
}

}   // namespace ward::protocol::dhcp
