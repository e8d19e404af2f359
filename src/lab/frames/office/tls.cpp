// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/tls.hpp"

#include "wire/wire_reader.hpp"
#include "wire/wire_writer.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t legacy_version = 0x0303;   // RFC 8446, 4.1.2: 1.3 says that it is 1.2

void append_u24(Buffer& out, std::size_t value) {
    append_big_endian(out, static_cast<std::uint8_t>(value >> 16 & 255U));
    append_big_endian(out, static_cast<std::uint16_t>(value & 0xffffU));
}

void append_short(Buffer& out, Bytes bytes) {
    append_big_endian(out, static_cast<std::uint8_t>(bytes.size()));
    append(out, bytes);
}

void append_long(Buffer& out, Bytes bytes) {
    append_big_endian(out, static_cast<std::uint16_t>(bytes.size()));
    append(out, bytes);
}

/// RFC 8446, 4.
Buffer message(std::uint8_t type, Bytes body) {
    Buffer out;
    out.reserve(body.size() + 4);
    append_big_endian(out, type);
    append_u24(out, body.size());
    append(out, body);
    return out;
}

void append_extensions(Buffer& out, const std::vector<TlsExtension>& extensions) {
    Buffer all;
    for (const auto& extension : extensions) {
        append_big_endian(all, extension.type);
        append_long(all, extension.body);
    }
    append_long(out, all);
}

}   // namespace

// RFC 8446, 4.1.2.
Buffer tls_client_hello(const ClientHello& hello) {
    Buffer body;
    append_big_endian(body, legacy_version);
    append(body, hello.random);
    append_short(body, hello.session);
    append_big_endian(body, static_cast<std::uint16_t>(2 * hello.ciphers.size()));
    for (const auto cipher : hello.ciphers) append_big_endian(body, cipher);
    append_big_endian<std::uint16_t>(body, 0x0100);   // no compression
    append_extensions(body, hello.extensions);
    return message(1, body);
}

// RFC 8446, 4.1.3.
Buffer tls_server_hello(const ServerHello& hello) {
    Buffer body;
    append_big_endian(body, legacy_version);
    append(body, hello.random);
    append_short(body, hello.session);
    append_big_endian(body, hello.cipher);
    append_big_endian<std::uint8_t>(body, 0);
    append_extensions(body, hello.extensions);
    return message(2, body);
}

// RFC 5246, 7.4.2.
Buffer tls_certificate(const std::vector<Buffer>& chain) {
    Buffer all;
    for (const auto& certificate : chain) {
        append_u24(all, certificate.size());
        append(all, certificate);
    }
    Buffer body;
    append_u24(body, all.size());
    append(body, all);
    return message(11, body);
}

// RFC 8422, 5.4: a named curve (3), signed with RSA-PSS and SHA-256 (RFC 8446, 4.2.3).
Buffer tls_server_key(std::uint16_t group, Bytes key, Bytes signature) {
    Buffer body;
    append_big_endian<std::uint8_t>(body, 3);
    append_big_endian(body, group);
    append_short(body, key);
    append_big_endian<std::uint16_t>(body, 0x0804);
    append_long(body, signature);
    return message(12, body);
}

// RFC 5246, 7.4.4: keys for RSA and ECDSA signatures (RFC 8422, 5.5), and what these may be made with.
Buffer tls_certificate_request(const std::vector<Buffer>& authorities) {
    Buffer body;
    append_short(body, Buffer{std::byte{1}, std::byte{64}});
    append(body, tls_list(13, {0x0804, 0x0401, 0x0403, 0x0501, 0x0503}).body);
    Buffer all;
    for (const auto& name : authorities) append_long(all, name);
    append_long(body, all);
    return message(13, body);
}

// RFC 5246, 7.4.8: RSA-PSS and SHA-256.
Buffer tls_certificate_verify(Bytes signature) {
    Buffer body;
    append_big_endian<std::uint16_t>(body, 0x0804);
    append_long(body, signature);
    return message(15, body);
}

Buffer tls_server_done() { return message(14, {}); }

// RFC 8422, 5.7.
Buffer tls_client_key(Bytes key) {
    Buffer body;
    append_short(body, key);
    return message(16, body);
}

// RFC 5077, 3.3.
Buffer tls_ticket(std::uint32_t seconds, Bytes ticket) {
    Buffer body;
    append_big_endian(body, seconds);
    append_long(body, ticket);
    return message(4, body);
}

// RFC 8446, 5.1.
Buffer tls_record(TlsContent content, Bytes fragment, std::uint16_t version) {
    Buffer out;
    out.reserve(fragment.size() + 5);
    append(out, tls_record_header(content, static_cast<std::uint16_t>(fragment.size()), version));
    append(out, fragment);
    return out;
}

std::array<std::byte, 5> tls_record_header(TlsContent content, std::uint16_t size, std::uint16_t version) {
    std::array<std::byte, 5> header;
    WireWriter writer{header};
    writer.integer(static_cast<std::uint8_t>(content));
    writer.integer(version);
    writer.integer(size);
    return header;
}

// RFC 6066, 3.
TlsExtension tls_server_name(std::string_view host) {
    Buffer entry{std::byte{0}};   // host_name
    append_long(entry, as_bytes(host));
    TlsExtension extension;
    append_long(extension.body, entry);
    return extension;
}

// RFC 7301, 3.1.
TlsExtension tls_protocols(const std::vector<std::string_view>& names) {
    Buffer all;
    for (const auto name : names) append_short(all, as_bytes(name));
    TlsExtension extension{16};
    append_long(extension.body, all);
    return extension;
}

TlsExtension tls_list(std::uint16_t type, const std::vector<std::uint16_t>& numbers) {
    TlsExtension extension{type};
    append_big_endian(extension.body, static_cast<std::uint16_t>(2 * numbers.size()));
    for (const auto number : numbers) append_big_endian(extension.body, number);
    return extension;
}

// RFC 8446, 4.2.1.
TlsExtension tls_versions(const std::vector<std::uint16_t>& versions) {
    TlsExtension extension{43};
    append_big_endian(extension.body, static_cast<std::uint8_t>(2 * versions.size()));
    for (const auto version : versions) append_big_endian(extension.body, version);
    return extension;
}

// RFC 8446, 4.2.8.
TlsExtension tls_shares(const std::vector<TlsShare>& shares) {
    Buffer all;
    for (const auto& share : shares) {
        append_big_endian(all, share.group);
        append_long(all, share.key);
    }
    TlsExtension extension{51};
    append_long(extension.body, all);
    return extension;
}

}   // namespace ward::lab
