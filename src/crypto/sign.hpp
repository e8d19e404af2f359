// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8032), signed and verified by libsodium and nothing else, so that Ward never disagrees with
// itself about a signature.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "crypto/secret.hpp"

namespace ward::crypto {

inline constexpr std::size_t signing_seed_bytes = 32;

struct PublicKey {
    std::array<std::byte, 32> value;
    bool operator==(const PublicKey&) const = default;
};

struct Signature {
    std::array<std::byte, 64> value;
    bool operator==(const Signature&) const = default;
};

class SigningKey {
public:
    static Result<SigningKey> generate();
    /// The 32-byte private key of RFC 8032. Errc::denied for a seed of another size.
    static Result<SigningKey> from_seed(const SecretBytes& seed);

    const PublicKey& public_key() const noexcept { return public_key_; }
    Signature sign(Bytes message) const;

private:
    SigningKey(SecretBytes expanded, PublicKey public_key) noexcept
        : expanded_(std::move(expanded)), public_key_(public_key) {}

    SecretBytes expanded_;   // seed and public key, as libsodium keeps them
    PublicKey public_key_;
};

/// Strict: the scalar is canonical, neither point is of small order or spelled in a second way, and the
/// equation is the one without cofactor.
bool verify(const PublicKey& key, Bytes message, const Signature& signature);

}   // namespace ward::crypto
