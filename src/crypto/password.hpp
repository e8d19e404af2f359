// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/result.hpp"
#include "crypto/secret.hpp"

namespace ward::crypto {

/// What one guess costs an attacker, and one unsealing the owner. Lanes are always 1.
struct Argon2Cost {
    std::uint32_t passes = 3;
    std::uint32_t memory_kib = 256 * 1024;   // half a second of one core
};

/// Costs outside these bounds are refused: too cheap to protect, or a file that would eat the machine.
struct Argon2Limits {
    std::uint32_t passes_min = 1;
    std::uint32_t passes_max = 64;
    std::uint32_t memory_kib_min = 8;
    std::uint32_t memory_kib_max = 4 * 1024 * 1024;
    std::size_t password_bytes_max = 4096;
};

using PasswordSalt = std::array<std::byte, 16>;

/// A 32-byte key from a passphrase: Argon2id (RFC 9106). Errc::denied for an empty passphrase,
/// Errc::limit_exceeded for costs out of bounds, Errc::unavailable without the memory.
Result<SecretBytes> key_from_password(const SecretBytes& password, const PasswordSalt& salt, Argon2Cost cost);

}   // namespace ward::crypto
