// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/result.hpp"
#include "crypto/secret.hpp"

namespace ward::crypto {

/// A 32-byte key for the purpose that `label` names: HKDF with SHA-512 (RFC 5869), without salt.
/// Different labels give independent keys; none of them says anything about `key` or another.
Result<SecretBytes> derive(const SecretBytes& key, std::string_view label);

}   // namespace ward::crypto
