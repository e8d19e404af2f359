// SPDX-License-Identifier: Apache-2.0
// MD5 (RFC 1321) and SHA-1 (FIPS 180-4): fingerprints, not security. Both are broken; they stay because JA3,
// HASSH, the Community ID and the fingerprints of certificates are defined by them.
#pragma once

#include <array>
#include <cstddef>

#include "core/bytes.hpp"

namespace ward::crypto {

using Md5Fingerprint = std::array<std::byte, 16>;
using Sha1Fingerprint = std::array<std::byte, 20>;

Md5Fingerprint md5_fingerprint(Bytes message) noexcept;
Sha1Fingerprint sha1_fingerprint(Bytes message) noexcept;

}   // namespace ward::crypto
