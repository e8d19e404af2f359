// SPDX-License-Identifier: Apache-2.0
#include "protocol/rdp/negotiation.hpp"

#include "protocol/text.hpp"
#include "protocol/utf16.hpp"

namespace ward::protocol::rdp {
namespace {

constexpr std::size_t fixed_header = 5;   // both references, and the class
constexpr std::size_t negotiation_bytes = 8;

// MS-RDPBCGR, sections 2.2.1.1.1 and 2.2.1.2.
enum Negotiation : std::uint8_t { request = 1, response = 2, failure = 3 };

struct Part {
    std::uint8_t type = 0;
    std::uint32_t value = 0;
};

std::optional<Part> read_negotiation(Bytes bytes) {
    WireReader in{bytes};
    Part part;
    part.type = in.u8();
    in.skip(1);   // flags
    const auto length = in.le16();
    part.value = in.le32();
    if (in.truncated() || length != negotiation_bytes) return std::nullopt;
    return part;
}

/// The settings stand behind the key of their side (MS-RDPBCGR, section 4.1.3), deep in BER and PER.
Bytes settings_behind(Bytes connect, std::string_view key) {
    const auto at = as_text(connect).find(key);
    if (at == std::string_view::npos) return {};
    WireReader in{connect.subspan(at + key.size())};
    // X.691, 10.9: lengths over 127 have two bytes.
    if ((in.u8() & 0x80U) != 0) in.skip(1);
    return in.rest();
}

/// "00080004": the major and the minor number in one.
std::string version_text(std::uint32_t version) {
    const auto minor = version & 0xffffU;
    if (version >> 16U == 8) {
        // MS-RDPBCGR, section 2.2.1.3.2.
        if (minor == 1) return "4.0";
        if (minor == 4) return "5.0-8.1";
        if (minor >= 5 && minor <= 0x11) return "10." + std::to_string(minor - 5);
    }
    return std::to_string(version >> 16U) + '.' + std::to_string(minor);
}

event::RdpClient read_core(Bytes body) {
    WireReader in{body};
    event::RdpClient client;
    client.version = version_text(in.le32());
    in.skip(8);   // width, height and colours of the desktop, and a sequence
    client.keyboard_layout = in.le32();
    client.build = in.le32();
    client.client_name = from_utf16le(in.take(32));
    return client;
}

void read_channels(Bytes body, std::size_t channels_max, event::Rdp& told) {
    WireReader in{body};
    in.skip(4);   // their number
    while (in.remaining() >= 12 && told.channels.size() < channels_max) {
        const auto name = as_text(in.take(8));
        in.skip(4);
        told.channels.push_back(std::string{name.substr(0, name.find('\0'))});
    }
}

/// Calls `take(type, body)` with each block of settings.
template <class Take>
bool each_block(Bytes settings, Take take) {
    WireReader in{settings};
    bool any = false;
    while (in.remaining() >= 4) {
        const auto type = in.le16();
        const std::size_t length = in.le16();
        if (length < 4) break;
        const auto body = in.take(length - 4);
        if (in.truncated()) break;
        take(type, body);
        any = true;
    }
    return any;
}

}   // namespace

Request read_request(Bytes header) {
    Request request;
    if (header.size() < fixed_header) return request;
    auto rest = header.subspan(fixed_header);
    const auto text = as_text(rest);
    // A cookie or a routing token is a line of text; the negotiation begins with its type.
    request.cookie = text.starts_with("Cookie");
    if (const auto end = text.find("\r\n"); end != std::string_view::npos && text.front() >= ' ')
        rest = rest.subspan(end + 2);
    const auto part = read_negotiation(rest);
    if (part && part->type == Negotiation::request) request.protocols = part->value;
    return request;
}

Confirm read_confirm(Bytes header) {
    Confirm confirm;
    if (header.size() < fixed_header) return confirm;
    const auto part = read_negotiation(header.subspan(fixed_header));
    if (!part || (part->type != Negotiation::response && part->type != Negotiation::failure)) return confirm;
    return {true, part->type == Negotiation::failure, part->value};
}

std::vector<std::string_view> protocol_names(std::uint32_t protocols) {
    std::vector<std::string_view> names;
    if (protocols == 0) names.push_back("rdp");
    for (const std::uint32_t bit : {1U, 2U, 4U, 8U, 16U})
        if ((protocols & bit) != 0) names.push_back(chosen_name(bit));
    return names;
}

std::string_view chosen_name(std::uint32_t protocol) {
    switch (protocol) {
        case 0: return "rdp";
        case 1: return "ssl";
        case 2: return "hybrid";
        case 4: return "rds_tls";
        case 8: return "hybrid_ex";
        case 16: return "rds_aad";
        default: return "unknown";
    }
}

std::string_view failure_name(std::uint32_t code) {
    switch (code) {
        case 1: return "ssl required by server";
        case 2: return "ssl not allowed by server";
        case 3: return "ssl cert not on server";
        case 4: return "inconsistent flags";
        case 5: return "hybrid required by server";
        case 6: return "ssl with user auth required by server";
        default: return "unknown";
    }
}

bool read_client_settings(Bytes connect, std::size_t channels_max, event::Rdp& told) {
    constexpr std::uint16_t core = 0xc001;
    constexpr std::uint16_t network = 0xc003;
    return each_block(settings_behind(connect, "Duca"), [&](std::uint16_t type, Bytes body) {
        if (type == core && !told.client) told.client = read_core(body);
        if (type == network && told.channels.empty()) read_channels(body, channels_max, told);
    });
}

bool read_server_settings(Bytes connect, event::Rdp& told) {
    constexpr std::uint16_t security = 0x0c02;
    return each_block(settings_behind(connect, "McDn"), [&](std::uint16_t type, Bytes body) {
        if (type == security) told.encryption = WireReader{body}.le32();
    });
}

}   // namespace ward::protocol::rdp
