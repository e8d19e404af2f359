// SPDX-License-Identifier: Apache-2.0
// What a version says: compressed, then sealed. docs/formats/record.md has the bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/phi.hpp"
#include "core/result.hpp"
#include "crypto/secret.hpp"

namespace ward::vault {

struct Body {
    std::string id;                      // of the resource
    std::vector<std::string> patients;   // ids of the patients in whose compartment it lies, the owner first
    Phi<std::string> json;               // compact FHIR JSON; empty for a tombstone
};

/// A Body in the caller's memory.
struct BodyView {
    std::string_view id;
    std::span<const std::string> patients;
    std::string_view json;
};

struct BodyLimits {
    std::size_t json_bytes_max = std::size_t{64} << 20;
    std::size_t patients_max = 64;
};

struct SealedBody {
    Buffer sealed;
    Digest commitment;   // HMAC-SHA256 under 32 random bytes that only the sealed text holds
};

/// `context` binds the body to its row. Errc::malformed beyond BodyLimits.
Result<SealedBody> seal_body(const crypto::SecretBytes& key, Bytes context, const BodyView& body);

/// Errc::corrupt unless it is what `seal_body` made under this key and context.
Result<Body> open_body(const crypto::SecretBytes& key, Bytes context, Bytes sealed);

}   // namespace ward::vault
