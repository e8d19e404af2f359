// SPDX-License-Identifier: Apache-2.0
// Sealing is C2SP chunked-encryption, Cobblestone-256: HKDF-Expand-SHA512, AES-256-GCM in chunks of 16 KiB,
// and a commitment to the key and the context. docs/formats/sealed-record.md has the bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "crypto/secret.hpp"

namespace ward::crypto {

inline constexpr std::size_t seal_key_bytes = 32;
inline constexpr std::size_t seal_chunk_bytes = 16384;
inline constexpr std::size_t seal_tag_bytes = 16;
inline constexpr std::size_t seal_header_bytes = 24 + 32;                  // salt, commitment
inline constexpr std::uint64_t seal_chunks_max = std::uint64_t{1} << 38;   // of the specification

/// The length of a sealed text. The last chunk is always short, so there is one chunk more than full ones.
constexpr std::size_t sealed_size(std::size_t plaintext_size) {
    return seal_header_bytes + plaintext_size + (plaintext_size / seal_chunk_bytes + 1) * seal_tag_bytes;
}

/// Seals under a 32-byte key. Opening needs the same context, which is not stored. Errc::denied for a key of
/// another size.
Result<Buffer> seal(const SecretBytes& key, Bytes context, Bytes plaintext);

/// Errc::corrupt unless every byte is as `seal` wrote it, under this key and this context; nothing of the
/// plaintext is returned before all of it is verified.
Result<Buffer> open(const SecretBytes& key, Bytes context, Bytes sealed);

/// The same for a secret: the plaintext is only ever in secret memory.
Result<SecretBytes> open_secret(const SecretBytes& key, Bytes context, Bytes sealed);

/// The same, after what `target` already holds: for a caller that reuses its buffer. On failure `target` is
/// as it was.
Result<> seal_to(Buffer& target, const SecretBytes& key, Bytes context, Bytes plaintext);
Result<> open_to(Buffer& target, const SecretBytes& key, Bytes context, Bytes sealed);

}   // namespace ward::crypto
