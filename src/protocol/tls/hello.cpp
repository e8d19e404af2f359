// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls/hello.hpp"

#include <algorithm>
#include <array>

#include "protocol/text.hpp"

namespace ward::protocol::tls {
namespace {

constexpr std::size_t list_max = 512;   // of any list in a hello; real ones have under 200
constexpr std::size_t names_max = 16;   // of ALPN

// RFC 8446, section 4.1.3: this random makes a ServerHello a HelloRetryRequest.
constexpr std::array<std::uint8_t, 32> retry_random{
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

// IANA, TLS ExtensionType values.
enum Extension : std::uint16_t {
    server_name = 0,
    supported_groups = 10,
    ec_point_formats = 11,
    signature_algorithms = 13,
    alpn = 16,
    pre_shared_key = 41,
    supported_versions = 43,
    encrypted_client_hello = 0xfe0d,
};

void read_numbers(Bytes bytes, std::vector<std::uint16_t>& numbers) {
    WireReader in{bytes};
    numbers.reserve(std::min(bytes.size() / 2, list_max));
    while (in.remaining() >= 2 && numbers.size() < list_max) numbers.push_back(in.u16());
}

void read_sni(Bytes body, Hello& hello) {
    WireReader in{body};
    in.skip(2);
    constexpr std::uint8_t host_name = 0;
    if (in.u8() != host_name) return;
    hello.sni = clipped(as_text(in.take(in.u16())));
}

void read_alpn(Bytes body, Hello& hello) {
    WireReader in{body};
    in.skip(2);
    while (in.remaining() > 0 && hello.alpn.size() < names_max)
        hello.alpn.push_back(clipped(as_text(in.take(in.u8()))));
}

void read_extension(std::uint16_t type, Bytes body, event::Side side, Hello& hello) {
    WireReader in{body};
    switch (type) {
        case Extension::server_name:
            if (side == event::Side::client) read_sni(body, hello);
            break;
        case Extension::supported_groups: read_numbers(in.take(in.u16()), hello.groups); break;
        case Extension::signature_algorithms:
            read_numbers(in.take(in.u16()), hello.signature_algorithms);
            break;
        case Extension::ec_point_formats:
            for (const auto format : in.take(in.u8()))
                hello.point_formats.push_back(std::to_integer<std::uint8_t>(format));
            break;
        case Extension::alpn: read_alpn(body, hello); break;
        case Extension::supported_versions:
            read_numbers(side == event::Side::client ? in.take(in.u8()) : body, hello.versions);
            break;
        case Extension::pre_shared_key: hello.pre_shared_key = true; break;
        case Extension::encrypted_client_hello: hello.encrypted_client_hello = true; break;
        default: break;
    }
}

void read_extensions(WireReader& in, event::Side side, Hello& hello) {
    if (in.remaining() == 0) return;   // before RFC 3546 there were none
    WireReader list{in.take(in.u16())};
    while (list.remaining() >= 4 && hello.extensions.size() < list_max) {
        const auto type = list.u16();
        const auto body = list.take(list.u16());
        if (list.truncated()) return;
        hello.extensions.push_back(type);
        read_extension(type, body, side, hello);
    }
}

}   // namespace

std::uint16_t Hello::best_version() const {
    std::uint16_t best = 0;
    for (const auto offered : versions) {
        if (is_grease(offered)) continue;
        // DTLS counts downwards: 1.2 is 0xfefd, 1.3 is 0xfefc.
        const bool datagrams = offered >= 0xfe00;
        if (best == 0 || (datagrams ? offered < best : offered > best)) best = offered;
    }
    return best == 0 ? version : best;
}

bool read_client_hello(Bytes body, Carrier carrier, Hello& hello) {
    WireReader in{body};
    hello.version = in.u16();
    in.skip(32);                                           // random
    in.skip(in.u8());                                      // session id
    if (carrier == Carrier::datagrams) in.skip(in.u8());   // cookie
    read_numbers(in.take(in.u16()), hello.ciphers);
    in.skip(in.u8());   // compression methods
    if (in.truncated()) return false;
    read_extensions(in, event::Side::client, hello);
    return true;
}

bool read_server_hello(Bytes body, Hello& hello) {
    WireReader in{body};
    hello.version = in.u16();
    const auto random = in.take(32);
    hello.retry = std::ranges::equal(random, std::as_bytes(std::span{retry_random}));
    in.skip(in.u8());
    hello.ciphers.push_back(in.u16());
    in.skip(1);
    if (in.truncated()) return false;
    read_extensions(in, event::Side::server, hello);
    return true;
}

}   // namespace ward::protocol::tls
