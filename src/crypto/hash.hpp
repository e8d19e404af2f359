// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) and HMAC-SHA256 (FIPS 198-1).
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "crypto/secret.hpp"

namespace ward::crypto {

Digest sha256(Bytes message);

/// A message that comes in pieces. A value: copy it to hash two messages that begin alike.
class Sha256 {
public:
    Sha256() noexcept;

    Sha256& update(Bytes piece) noexcept;

    /// The digest of all pieces; afterwards the object is as new.
    Digest finish() noexcept;

private:
    alignas(8) std::array<std::byte, 112> state_;   // a SHA256_CTX
};

/// HMAC under one key. The key's two hash states are computed once and live in secret memory, so that a short
/// message costs two compressions, not four. Callable from several threads at once.
class HmacSha256 {
public:
    /// A key of any length. Fails as SecretBytes::allocate does.
    static Result<HmacSha256> with_key(const SecretBytes& key);
    static Result<HmacSha256> with_key(Bytes key);

    Digest operator()(Bytes message) const noexcept;

    /// HMAC of `prefix` followed by `message`, without joining them first.
    Digest operator()(Bytes prefix, Bytes message) const noexcept;

private:
    explicit HmacSha256(SecretBytes states) noexcept : states_(std::move(states)) {}

    SecretBytes states_;   // after the inner pad, then after the outer pad
};

Digest hmac_sha256(Bytes key, Bytes message);

}   // namespace ward::crypto
