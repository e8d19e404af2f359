// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/tls_taste.hpp"

#include <algorithm>

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t x25519 = 0x001d, secp256r1 = 0x0017, secp384r1 = 0x0018, secp521r1 = 0x0019;

const std::vector<std::uint16_t>& ciphers_of(TlsTaste taste) {
    static const std::vector<std::uint16_t> chromium{0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f,
                                                     0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
                                                     0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
    static const std::vector<std::uint16_t> firefox{0x1301, 0x1303, 0x1302, 0xc02b, 0xc02f, 0xcca9,
                                                    0xcca8, 0xc02c, 0xc030, 0xc00a, 0xc009, 0xc013,
                                                    0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
    static const std::vector<std::uint16_t> system{0xc02c, 0xc02b, 0xc030, 0xc02f, 0xc024, 0xc023,
                                                   0xc028, 0xc027, 0xc00a, 0xc009, 0xc014, 0xc013,
                                                   0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f};
    static const std::vector<std::uint16_t> agent{0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0x009f, 0xcca9,
                                                  0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e, 0xc024, 0xc028,
                                                  0x006b, 0xc023, 0xc027, 0x0067, 0x009d, 0x009c, 0x003d,
                                                  0x003c, 0x0035, 0x002f, 0x00ff};
    switch (taste) {
        case TlsTaste::chromium: return chromium;
        case TlsTaste::firefox: return firefox;
        case TlsTaste::system: return system;
        case TlsTaste::agent: return agent;
    }
    return agent;
}

/// RFC 8701, 2: numbers that mean nothing, so that servers learn to pass over what they do not know.
std::uint16_t grease(Random& random) {
    return static_cast<std::uint16_t>(0x0a0a + 0x1010 * random.below(16));
}

TlsExtension numbered(std::uint16_t type, std::initializer_list<int> bytes) {
    TlsExtension extension{type};
    for (const auto byte : bytes) extension.body.push_back(static_cast<std::byte>(byte));
    return extension;
}

void add_shared(ClientHello& hello, std::string_view host) {
    hello.extensions = {tls_server_name(host), numbered(23, {}),   // RFC 7627: extended master secret
                        numbered(0xff01, {0}),                     // RFC 5746: renegotiation
                        numbered(11, {1, 0}),                      // RFC 8422: uncompressed points
                        numbered(35, {})};                         // RFC 5077: tickets
}

void add_versions_and_key(ClientHello& hello, std::vector<TlsShare> shares,
                          std::vector<std::uint16_t> versions) {
    hello.extensions.push_back(tls_shares(shares));
    hello.extensions.push_back(tls_versions(versions));
    hello.extensions.push_back(numbered(45, {1, 1}));   // RFC 8446, 4.2.9
}

void add_chromium(ClientHello& hello, Random& random) {
    const auto group = grease(random);
    hello.extensions.push_back(tls_list(10, {group, x25519, secp256r1, secp384r1}));
    hello.extensions.push_back(
        tls_list(13, {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601}));
    hello.extensions.push_back(tls_protocols({"h2", "http/1.1"}));
    hello.extensions.push_back(numbered(5, {1, 0, 0, 0, 0}));   // RFC 6066, 8
    hello.extensions.push_back(numbered(18, {}));               // RFC 6962, 3.3.1
    hello.extensions.push_back(numbered(27, {2, 0, 2}));        // RFC 8879: brotli
    add_versions_and_key(hello, {{group, Buffer(1)}, {x25519, opaque(random, 32)}},
                         {grease(random), 0x0304, 0x0303});
    // Newer versions shuffle, so that nobody relies on an order.
    for (std::size_t i = hello.extensions.size(); i > 1; --i)
        std::swap(hello.extensions[i - 1], hello.extensions[random.below(i)]);
    const auto first = grease(random);
    auto last = grease(random);
    while (last == first) last = grease(random);
    hello.extensions.insert(hello.extensions.begin(), {first, {}});
    hello.extensions.push_back(numbered(last, {0}));
    hello.ciphers.insert(hello.ciphers.begin(), grease(random));
}

void add_firefox(ClientHello& hello, Random& random) {
    auto point = opaque(random, 65);
    point.front() = std::byte{4};   // RFC 8422, 5.4.1: uncompressed
    hello.extensions.push_back(tls_list(10, {x25519, secp256r1, secp384r1, secp521r1, 0x0100, 0x0101}));
    hello.extensions.push_back(tls_protocols({"h2", "http/1.1"}));
    hello.extensions.push_back(numbered(5, {1, 0, 0, 0, 0}));
    hello.extensions.push_back(tls_list(34, {0x0403, 0x0503, 0x0603, 0x0203}));   // RFC 9345
    hello.extensions.push_back(tls_list(
        13, {0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201}));
    add_versions_and_key(hello, {{x25519, opaque(random, 32)}, {secp256r1, std::move(point)}},
                         {0x0304, 0x0303});
    hello.extensions.push_back(numbered(28, {0x40, 0x01}));   // RFC 8449
}

}   // namespace

TlsTaste taste_at(Address workstation) {
    const auto tenth = Random{workstation}.below(10);
    return tenth < 6 ? TlsTaste::chromium : tenth < 7 ? TlsTaste::firefox : TlsTaste::system;
}

bool knows_tls13(TlsTaste taste) { return taste != TlsTaste::system; }

ClientHello hello_of(TlsTaste taste, std::string_view host, Random& random) {
    ClientHello hello{.random = opaque(random, 32), .ciphers = ciphers_of(taste)};
    if (knows_tls13(taste)) hello.session = opaque(random, 32);   // RFC 8446, appendix D.4
    add_shared(hello, host);
    switch (taste) {
        case TlsTaste::chromium: add_chromium(hello, random); break;
        case TlsTaste::firefox: add_firefox(hello, random); break;
        case TlsTaste::system:
            hello.extensions.push_back(tls_list(10, {x25519, secp256r1, secp384r1}));
            hello.extensions.push_back(tls_list(
                13, {0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202}));
            break;
        case TlsTaste::agent:
            hello.extensions.push_back(tls_list(10, {x25519, secp256r1, 0x001e, secp521r1, secp384r1}));
            hello.extensions.push_back(tls_list(
                13, {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501}));
            add_versions_and_key(hello, {{x25519, opaque(random, 32)}}, {0x0304, 0x0303});
            break;
    }
    return hello;
}

}   // namespace ward::lab
