// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls/handshake.hpp"

#include "protocol/tls/certificate.hpp"

namespace ward::protocol::tls {
namespace {

constexpr std::uint16_t tls13 = 0x0304;
constexpr std::uint16_t dtls13 = 0xfefc;

std::vector<std::string> alpn_names(const Hello& hello) {
    std::vector<std::string> names;
    names.reserve(hello.alpn.size());
    for (const auto& name : hello.alpn) names.push_back(alpn_name(name));
    return names;
}

}   // namespace

bool Handshake::message(Side from, std::uint8_t type, Bytes body) {
    Hello hello;
    switch (static_cast<MessageType>(type)) {
        case MessageType::client_hello:
            if (!read_client_hello(body, carrier_, hello)) return false;
            client_hello(hello);
            break;
        case MessageType::server_hello:
            if (!read_server_hello(body, hello)) return false;
            retried_ = retried_ || hello.retry;
            if (!hello.retry) server_hello(hello);
            break;
        case MessageType::certificate: certificates(from, body); break;
        case MessageType::certificate_request: told_.client_certificate_requested = true; break;
        case MessageType::client_key_exchange: keys_exchanged_ = true; break;
        default: break;
    }
    return true;
}

void Handshake::client_hello(const Hello& hello) {
    // After a HelloRetryRequest or a HelloVerifyRequest the client repeats itself; the first hello is the one
    // that others fingerprint.
    if (client_seen_) return;
    client_seen_ = true;
    told_.sni = hello.sni;
    told_.client_alpns = alpn_names(hello);
    told_.ja3 = ja3_of_client(hello);
    told_.ja4 = ja4_of_client(hello, carrier_);
    told_.encrypted_client_hello = hello.encrypted_client_hello;
    if (!server_seen_) told_.version = version_name(hello.best_version());
}

void Handshake::old_client_hello(std::uint16_t version, std::vector<std::uint16_t> ciphers) {
    if (client_seen_) return;
    client_seen_ = true;
    Hello hello;
    hello.version = version;
    hello.ciphers = std::move(ciphers);
    told_.ja3 = ja3_of_client(hello);
    told_.version = version_name(version);
}

void Handshake::server_hello(const Hello& hello) {
    if (server_seen_) return;
    server_seen_ = true;
    negotiated_ = hello.best_version();
    if (negotiated_ == dtls13) negotiated_ = tls13;
    told_.version = version_name(hello.best_version());
    told_.cipher = hello.ciphers.empty() ? std::string{} : cipher_name(hello.ciphers.front());
    told_.server_alpns = alpn_names(hello);
    told_.ja3s = ja3_of_server(hello);
    told_.session_resumed = negotiated_ == tls13 && hello.pre_shared_key;
}

void Handshake::certificates(Side from, Bytes body) {
    WireReader in{body};
    WireReader list{in.take(in.u24())};
    auto& kept = from == Side::server ? told_.certificate : told_.client_certificate;
    std::uint32_t count = 0;
    while (list.remaining() > 0) {
        const auto encoded = list.take(list.u24());
        if (list.truncated()) break;
        if (count++ == 0) kept = read_certificate(encoded, from);
    }
    if (kept) kept->chain_length = count;
}

void Handshake::alert(std::uint8_t description) {
    constexpr std::uint8_t close_notify = 0;
    if (description != close_notify) told_.alert = alert_name(description);
}

bool Handshake::change_cipher_spec(Side from) {
    if (from == Side::client) return server_seen_ || keys_exchanged_;
    // RFC 5246, figure 2: the server speaks first only where an old session goes on. Otherwise its
    // certificate came before, or the client's keys, where the capture missed it.
    if (server_seen_ && !told_.certificate && !keys_exchanged_) told_.session_resumed = true;
    return false;
}

std::size_t Handshake::memory() const noexcept {
    std::size_t bytes = sizeof *this + told_.sni.capacity() + told_.ja4.capacity();
    for (const auto* ja3 : {&told_.ja3, &told_.ja3s})
        if (*ja3) bytes += (*ja3)->string.capacity() + (*ja3)->hash.capacity();
    for (const auto* certificate : {&told_.certificate, &told_.client_certificate})
        if (*certificate) bytes += 2048;
    return bytes + told_.client_alpns.capacity() * 64;
}

}   // namespace ward::protocol::tls
