// SPDX-License-Identifier: Apache-2.0
// What both sides offer and choose in the clear (RFC 8446, section 4.1; RFC 5246, section 7.4.1), and the
// fingerprints of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "event/tls.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::tls {

/// DTLS (RFC 6347, section 4.2.1) puts a cookie into the client's hello.
enum class Carrier : std::uint8_t { stream, datagrams };

struct Hello {
    std::uint16_t version = 0;             // legacy_version
    std::vector<std::uint16_t> versions;   // of supported_versions
    std::vector<std::uint16_t> ciphers;    // one of a server
    std::vector<std::uint16_t> extensions;
    std::vector<std::uint16_t> groups;
    std::vector<std::uint16_t> signature_algorithms;
    std::vector<std::uint8_t> point_formats;
    std::vector<std::string> alpn;
    std::string sni;
    bool encrypted_client_hello = false;
    bool pre_shared_key = false;
    bool retry = false;   // a server's HelloRetryRequest

    /// What a server chose, or the best that a client offers.
    std::uint16_t best_version() const;
};

/// `body` is that of the handshake message. False where it is not a hello.
bool read_client_hello(Bytes body, Carrier carrier, Hello& hello);
bool read_server_hello(Bytes body, Hello& hello);

/// RFC 8701: values that a client sends so that servers stay tolerant.
constexpr bool is_grease(std::uint16_t value) {
    return (value & 0x0f0fU) == 0x0a0aU && (value >> 8U) == (value & 0xffU);
}

event::Ja3 ja3_of_client(const Hello& hello);
event::Ja3 ja3_of_server(const Hello& hello);
std::string ja4_of_client(const Hello& hello, Carrier carrier);

std::string_view version_name(std::uint16_t version);
/// IANA's name, or four hexadecimal digits.
std::string cipher_name(std::uint16_t cipher);
std::string alert_name(std::uint8_t description);
/// A protocol that a hello names (RFC 7301): those that are known, with their versions; {other}.
std::string alpn_name(std::string_view name);

}   // namespace ward::protocol::tls
