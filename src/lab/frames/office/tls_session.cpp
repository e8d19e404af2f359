// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/tls_session.hpp"

#include <algorithm>

#include "lab/frames/office/bytes_out.hpp"
#include "lab/frames/office/x509.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t x25519 = 0x001d;
constexpr std::size_t fragment_max = 16'384;   // RFC 8446, 5.1

struct Authority {
    std::string_view organisation;
    std::string_view name;
};
constexpr auto authorities = std::to_array<Authority>({{"Northgate Trust", "Northgate TLS CA 2"},
                                                       {"Open Keys", "OK R11"},
                                                       {"Open Keys", "OK E6"},
                                                       {"Certivia", "Certivia DV RSA 2025"},
                                                       {"Halden Root", "Halden Server CA G3"}});

constexpr Authority house{"Ashmere General", "Ashmere Issuing CA 1"};

void add_change_cipher(Buffer& out) {
    append(out, tls_record(TlsContent::change_cipher, Buffer{std::byte{1}}));
}

void add_handshake(Buffer& out, const Buffer& message) {
    append(out, tls_record(TlsContent::handshake, message));
}

}   // namespace

TlsSession::TlsSession(Wires& wires, const Device& client, const Device& server, TlsWish wish)
    : wires_(wires),
      wish_(std::move(wish)),
      random_(wires.random_of(client).next()),
      line_(wires.line(client, server, wish_.port)),
      is_13_(!wish_.is_old_server && wish_.client_name.empty() && knows_tls13(wish_.taste)) {}

Moment TlsSession::open(Moment at) {
    const auto hello = hello_of(wish_.taste, wish_.host, random_);
    // RFC 8446, 5.1: the first record may say 1.0, and mostly does.
    at = line_.send(Side::client, tls_record(TlsContent::handshake, tls_client_hello(hello), 0x0301), at);
    at += milliseconds_of(random_.around(0.9, 1.8));
    return is_13_ ? open_13(hello, at) : open_12(at);
}

Moment TlsSession::open_13(const ClientHello& hello, Moment at) {
    ServerHello answer{.random = opaque(random_, 32), .session = hello.session};
    answer.cipher = wish_.taste == TlsTaste::agent || random_.chance(0.3) ? 0x1302 : 0x1301;
    answer.extensions.push_back({43, {std::byte{3}, std::byte{4}}});
    TlsExtension share{51};   // RFC 8446, 4.2.8: a server has but one
    append_big_endian(share.body, x25519);
    append_big_endian<std::uint16_t>(share.body, 32);
    append(share.body, opaque(random_, 32));
    answer.extensions.push_back(std::move(share));
    if (random_.chance(0.5)) std::swap(answer.extensions[0], answer.extensions[1]);
    Buffer flight;
    add_handshake(flight, tls_server_hello(answer));
    add_change_cipher(flight);
    const std::size_t finished = answer.cipher == 0x1302 ? 69 : 53;
    // The same of a host each time.
    auto of_host = wires_.story().random().stream("certificate").stream(wish_.host);
    if (wish_.certificate > 0) of_host = of_host.stream(static_cast<std::uint64_t>(wish_.certificate));
    const std::size_t chain = 1'300 + of_host.below(2'600);
    if (random_.chance(0.5)) {   // each message in a record of its own, or all in one
        for (const std::size_t size : {std::size_t{32}, chain, std::size_t{281}, finished})
            add_opaque(flight, TlsContent::application, size);
    } else {
        add_opaque(flight, TlsContent::application, chain + 296 + finished);
    }
    at = line_.send(Side::server, flight, at) + milliseconds_of(random_.around(0.6, 1.6));
    Buffer last;
    add_change_cipher(last);
    add_opaque(last, TlsContent::application, finished);
    at = line_.send(Side::client, last, at);
    if (!random_.chance(0.7)) return at;
    Buffer tickets;
    for (int left = random_.between(1, 2); left > 0; --left)
        add_opaque(tickets, TlsContent::application, 230 + random_.below(40));
    return line_.send(Side::server, tickets, at + milliseconds_of(0.2));
}

Moment TlsSession::open_12(Moment at) {
    ServerHello answer{.random = opaque(random_, 32), .session = opaque(random_, 32)};
    answer.cipher = random_.chance(0.6) ? 0xc030 : 0xc02f;
    answer.extensions = {{0xff01, Buffer(1)}, {23, {}}};
    const bool has_protocols = wish_.taste == TlsTaste::chromium || wish_.taste == TlsTaste::firefox;
    if (has_protocols) answer.extensions.push_back(tls_protocols({"http/1.1"}));
    const bool gives_ticket = random_.chance(0.5);
    if (gives_ticket) answer.extensions.push_back({35, {}});
    Buffer flight;
    add_handshake(flight, tls_server_hello(answer));
    add_handshake(flight, tls_certificate({certificate_of_host()}));
    add_handshake(flight, tls_server_key(x25519, opaque(random_, 32), opaque(random_, 256)));
    if (!wish_.client_name.empty())
        add_handshake(flight, tls_certificate_request({distinguished_name(house.organisation, house.name)}));
    add_handshake(flight, tls_server_done());
    at = line_.send(Side::server, flight, at) + milliseconds_of(random_.around(0.8, 1.6));
    Buffer mine;
    if (!wish_.client_name.empty()) add_handshake(mine, tls_certificate({certificate_of_client()}));
    add_handshake(mine, tls_client_key(opaque(random_, 32)));
    if (!wish_.client_name.empty()) add_handshake(mine, tls_certificate_verify(opaque(random_, 256)));
    add_change_cipher(mine);
    add_opaque(mine, TlsContent::handshake, 40);   // Finished, enciphered
    at = line_.send(Side::client, mine, at) + milliseconds_of(random_.around(0.5, 1.6));
    Buffer last;
    if (gives_ticket) add_handshake(last, tls_ticket(7'200, opaque(random_, 160 + 16 * random_.below(4))));
    add_change_cipher(last);
    add_opaque(last, TlsContent::handshake, 40);
    return line_.send(Side::server, last, at);
}

Buffer TlsSession::certificate_of_host() {
    auto random = wires_.story().random().stream("certificate").stream(wish_.host);
    bool is_inside = wish_.host.ends_with(wires_.network().domain);
    if (wish_.certificate > 0) {   // another, and perhaps of others
        random = random.stream(static_cast<std::uint64_t>(wish_.certificate));
        is_inside = is_inside && random.chance(0.5);
    }
    const auto authority = is_inside ? house : random.pick(authorities);
    const auto ago = wish_.certificate > 0 ? random.between(1, 90) : random.between(100, 1'900);
    const auto begin = wires_.story().begin() - std::chrono::hours{ago};
    const auto days = std::chrono::days{is_inside ? 730 : 90};
    return certificate({.host = wish_.host,
                        .organisation = authority.organisation,
                        .issuer = authority.name,
                        .begin = begin,
                        .end = begin + days},
                       random);
}

/// The house issues what its partners show, a year each; whoever has it and its key is taken for them.
Buffer TlsSession::certificate_of_client() {
    auto random = wires_.story().random().stream("client certificate").stream(wish_.client_name);
    const auto begin = wires_.story().begin() - std::chrono::days{random.between(20, 330)};
    return certificate({.host = wish_.client_name,
                        .organisation = house.organisation,
                        .issuer = house.name,
                        .begin = begin,
                        .end = begin + std::chrono::days{365},
                        .is_client = true},
                       random);
}

void TlsSession::add_opaque(Buffer& out, TlsContent content, std::size_t size) {
    append(out, tls_record_header(content, static_cast<std::uint16_t>(size)));
    append_opaque(out, random_, size);
}

Moment TlsSession::send(Side from, std::size_t size, Moment at) {
    // RFC 8446, 5.2: the kind of content and a tag; RFC 5288, 3: a nonce and a tag.
    const std::size_t added = is_13_ ? 17 : 24;
    Buffer out;
    while (size > 0) {
        const auto part = std::min(size, fragment_max);
        add_opaque(out, TlsContent::application, part + added);
        size -= part;
    }
    return line_.send(from, out, at);
}

Moment TlsSession::exchange(std::size_t asked, std::size_t answered, Moment at) {
    at = send(Side::client, asked, at) + milliseconds_of(random_.around(9, 2.2));
    return send(Side::server, answered, at);
}

Moment TlsSession::close(Side from, Moment at) {
    if (!line_.is_open()) return at;
    Buffer out;   // close_notify
    add_opaque(out, is_13_ ? TlsContent::application : TlsContent::alert, is_13_ ? 19 : 26);
    at = line_.send(from, out, at);
    return line_.close(from, at);
}

TlsSession session_with_site(Wires& wires, const Device& client, const std::string& host, TlsTaste taste) {
    const auto address = address_outside(host);
    return {wires,
            client,
            outside(address, client.site),
            {.host = host, .taste = taste, .is_old_server = address % 4 == 0}};
}

}   // namespace ward::lab
