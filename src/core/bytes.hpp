// SPDX-License-Identifier: Apache-2.0
// Bytes, and the text encodings of bytes that formats on disk and wire use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ward {

using Bytes = std::span<const std::byte>;
using Buffer = std::vector<std::byte>;
using Digest = std::array<std::byte, 32>;   // SHA-256, HMAC-SHA256

/// The bytes of a text, borrowed.
inline Bytes as_bytes(std::string_view text) { return std::as_bytes(std::span{text}); }

/// The text that some bytes are, borrowed; nothing is checked.
std::string_view as_text(Bytes bytes);

void append(Buffer& buffer, Bytes bytes);

/// Lowercase, two digits a byte.
std::string to_hex(Bytes bytes);
std::optional<Buffer> from_hex(std::string_view text);

/// RFC 4648, section 4, with padding. Reading is strict: one encoding, no white space.
std::string to_base64(Bytes bytes);
std::optional<Buffer> from_base64(std::string_view text);

/// RFC 4648, section 5, without padding, as JOSE uses it. Reading is strict.
std::string to_base64url(Bytes bytes);
std::optional<Buffer> from_base64url(std::string_view text);

}   // namespace ward
