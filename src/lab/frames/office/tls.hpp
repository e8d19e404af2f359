// SPDX-License-Identifier: Apache-2.0
// TLS as it is seen from outside: RFC 8446 (1.3) and RFC 5246 (1.2).
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"

namespace ward::lab {

enum class TlsContent : std::uint8_t { change_cipher = 20, alert = 21, handshake = 22, application = 23 };

struct TlsExtension {
    std::uint16_t type = 0;
    Buffer body{};
};

struct ClientHello {
    Buffer random;   // 32 bytes
    Buffer session{};
    std::vector<std::uint16_t> ciphers{};
    std::vector<TlsExtension> extensions{};
};

struct ServerHello {
    Buffer random;   // 32 bytes
    Buffer session{};
    std::uint16_t cipher = 0;
    std::vector<TlsExtension> extensions{};
};

/// Handshake messages, without their record.
Buffer tls_client_hello(const ClientHello& hello);
Buffer tls_server_hello(const ServerHello& hello);
Buffer tls_certificate(const std::vector<Buffer>& chain);                 // of 1.2
Buffer tls_server_key(std::uint16_t group, Bytes key, Bytes signature);   // of 1.2
Buffer tls_certificate_request(const std::vector<Buffer>& authorities);   // of 1.2: names of them
Buffer tls_certificate_verify(Bytes signature);                           // of 1.2
Buffer tls_server_done();                                                 // of 1.2
Buffer tls_client_key(Bytes key);                                         // of 1.2
Buffer tls_ticket(std::uint32_t seconds, Bytes ticket);                   // of 1.2

/// One record: at most 2^14 bytes and what enciphering adds.
Buffer tls_record(TlsContent content, Bytes fragment, std::uint16_t version = 0x0303);
std::array<std::byte, 5> tls_record_header(TlsContent content, std::uint16_t size,
                                           std::uint16_t version = 0x0303);

TlsExtension tls_server_name(std::string_view host);
TlsExtension tls_protocols(const std::vector<std::string_view>& names);   // ALPN
/// A list of 16-bit numbers behind its length: groups, signature algorithms.
TlsExtension tls_list(std::uint16_t type, const std::vector<std::uint16_t>& numbers);
TlsExtension tls_versions(const std::vector<std::uint16_t>& versions);

struct TlsShare {
    std::uint16_t group = 0;
    Buffer key;
};
TlsExtension tls_shares(const std::vector<TlsShare>& shares);

}   // namespace ward::lab
