// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/edge/ssh_session.hpp"

#include <algorithm>

#include "lab/frames/office/bytes_out.hpp"
#include "wire/wire_reader.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t ssh_port = 22;
constexpr std::size_t packet_bytes_max = 32'768;   // RFC 4253, 6.1
constexpr std::uint8_t kexinit = 20, newkeys = 21, ecdh_init = 30, ecdh_reply = 31;

constexpr auto clients = std::to_array<std::string_view>({"SSH-2.0-PuTTY_Release_0.78\r\n",
                                                          "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n",
                                                          "SSH-2.0-OpenSSH_for_Windows_8.6\r\n"});
constexpr auto servers = std::to_array<std::string_view>(
    {"SSH-2.0-OpenSSH_7.4\r\n", "SSH-2.0-OpenSSH_8.0\r\n", "SSH-2.0-dropbear_2019.78\r\n"});

void append_text(Buffer& out, Bytes text) {   // RFC 4251, 5
    append_big_endian(out, static_cast<std::uint32_t>(text.size()));
    append(out, text);
}

/// RFC 4253, 6: padded to a multiple of eight, by at least four.
Buffer packet(std::uint8_t type, Bytes body, Random& random) {
    const std::size_t unpadded = 5 + 1 + body.size();
    auto padding = 8 - unpadded % 8;
    if (padding < 4) padding += 8;
    Buffer out;
    append_big_endian(out, static_cast<std::uint32_t>(1 + 1 + body.size() + padding));
    append_big_endian(out, static_cast<std::uint8_t>(padding));
    append_big_endian(out, type);
    append(out, body);
    append(out, opaque(random, padding));
    return out;
}

/// RFC 4253, 7.1: what one can do, in one's order.
Buffer abilities(Random& random) {
    constexpr std::string_view ciphers = "aes256-ctr,aes192-ctr,aes128-ctr";
    constexpr std::string_view sums = "hmac-sha2-256,hmac-sha2-512";
    auto body = opaque(random, 16);
    for (const std::string_view names :
         {std::string_view{"curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256"},
          std::string_view{"rsa-sha2-512,rsa-sha2-256,ssh-ed25519"}, ciphers, ciphers, sums, sums,
          std::string_view{"none"}, std::string_view{"none"}, std::string_view{}, std::string_view{}})
        append_text(body, as_bytes(names));
    append_big_endian<std::uint8_t>(body, 0);
    append_big_endian<std::uint32_t>(body, 0);
    return body;
}

}   // namespace

SshSession::SshSession(Wires& wires, const Device& client, const Device& server)
    : random_(wires.random_of(client).next()), line_(wires.line(client, server, ssh_port)) {}

Moment SshSession::open(Moment at) {
    at = line_.send(Side::client, as_bytes(random_.pick(clients)), at) + milliseconds_of(2);
    at = line_.send(Side::server, as_bytes(random_.pick(servers)), at) + milliseconds_of(1);
    at = line_.send(Side::client, packet(kexinit, abilities(random_), random_), at);
    at = line_.send(Side::server, packet(kexinit, abilities(random_), random_), at) + milliseconds_of(2);
    // RFC 5656, 4: a key of each, and a signature by the server's.
    Buffer mine;
    append_text(mine, opaque(random_, 32));
    at = line_.send(Side::client, packet(ecdh_init, mine, random_), at) + milliseconds_of(3);
    Buffer host_key, signature, reply;
    append_text(host_key, as_bytes(std::string_view{"ssh-rsa"}));
    append_text(host_key, Buffer{std::byte{1}, std::byte{0}, std::byte{1}});
    append_text(host_key, opaque(random_, 257));
    append_text(signature, as_bytes(std::string_view{"rsa-sha2-512"}));
    append_text(signature, opaque(random_, 256));
    append_text(reply, host_key);
    append_text(reply, opaque(random_, 32));
    append_text(reply, signature);
    auto flight = packet(ecdh_reply, reply, random_);
    append(flight, packet(newkeys, {}, random_));
    at = line_.send(Side::server, flight, at) + milliseconds_of(2);
    at = line_.send(Side::client, packet(newkeys, {}, random_), at);
    at = exchange(28, 28, at);   // RFC 4252: who one is, by which of one's means
    at = exchange(60, 44, at);
    at = exchange(350 + random_.below(60), 20, at + seconds_of(random_.around(1.5, 2)));
    return exchange(120, 500 + random_.below(500), at);
}

Moment SshSession::exchange(std::size_t asked, std::size_t answered, Moment at) {
    at = send_sealed(Side::client, asked, at) + milliseconds_of(random_.around(6, 2));
    return send_sealed(Side::server, answered, at);
}

Moment SshSession::send_sealed(Side from, std::size_t size, Moment at) {
    Buffer out;
    while (size > 0) {
        const auto part = std::min(size, packet_bytes_max - 64);
        size -= part;
        // RFC 4253, 6: a length, enciphered too (RFC 4344, 4), padding to whole blocks, and a sum.
        append(out, opaque(random_, (4 + 1 + part + 4 + 15) / 16 * 16 + 32));
    }
    // A message that says nothing (RFC 4253, 11.2) behind what would leave a segment of a few bytes only.
    constexpr std::size_t segment_bytes = 1'460;
    if (out.size() % segment_bytes < 64) append(out, opaque(random_, 80));
    return line_.send(from, out, at);
}

}   // namespace ward::lab
