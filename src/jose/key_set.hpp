// SPDX-License-Identifier: Apache-2.0
// A JSON Web Key Set (RFC 7517): the public keys by which an issuer's tokens are known.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "crypto/foreign_key.hpp"
#include "json/document.hpp"

namespace ward::jose {

using Algorithm = crypto::ForeignAlgorithm;

/// RS256, RS384, ES256 and ES384: what Ward accepts, as JOSE names it. Nothing for any other, `none` and the
/// HS family among them (RFC 8725, 3.1 and 3.2).
std::optional<Algorithm> algorithm_named(std::string_view name);

struct Key {
    std::string id;                  // `kid`; may be empty
    std::optional<Algorithm> only;   // `alg`: the one algorithm that the key is for
    crypto::ForeignKey key;

    bool can(Algorithm algorithm) const { return (!only || *only == algorithm) && key.can(algorithm); }
};

class KeySet {
public:
    static constexpr std::size_t keys_max = 64;
    static constexpr std::size_t text_bytes_max = 256 * 1024;

    KeySet() = default;

    /// Keys that Ward has no use for are passed over: for encryption, symmetric, too small, of other curves.
    /// Errc::malformed for what is no key set; Errc::limit_exceeded for more keys or a longer text.
    static Result<KeySet> parse(std::string_view text);
    static Result<KeySet> read(json::Value set);

    std::span<const Key> keys() const { return keys_; }
    bool has(std::string_view id) const;

private:
    std::vector<Key> keys_;
};

}   // namespace ward::jose
