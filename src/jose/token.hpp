// SPDX-License-Identifier: Apache-2.0
// Signed tokens of others (RFC 7515, RFC 7519), verified as RFC 8725 and RFC 9068 advise. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "jose/key_set.hpp"
#include "json/document.hpp"

namespace ward::jose {

inline constexpr std::size_t token_bytes_max = 16 * 1024;

/// A token taken apart, of which nothing is proved yet.
struct Token {
    Algorithm algorithm{};
    std::string key_id;   // may be empty
    std::string type;     // `typ`, without "application/"
    std::string text;     // what was signed
    Buffer signature;
    json::Document claims;
};

/// Three parts in strict base64url; an algorithm that Ward accepts; no `crit`, since Ward understands no
/// extension (RFC 7515, 4.1.11). Keys in the header (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
Result<Token> read_token(std::string_view text);

/// A signed token is three parts; any other text is opaque.
bool looks_signed(std::string_view text);

/// Errc::denied unless a key of the set made the signature. With a `kid` only keys of that name are tried.
Result<> verify(const KeySet& keys, const Token& token);

struct Expected {
    std::string_view issuer;
    std::string_view audience;
    Time now;
    std::chrono::seconds skew_max{60};
    std::chrono::seconds lifetime_max{24 * 3600};
};

/// `iss` is exactly that, `aud` is or has that, `exp` is there and not past, `nbf` and `iat` not ahead. The
/// error names the claim and never its value.
Result<> check_claims(json::Value claims, const Expected& expected);

/// RFC 8725, 3.11: an ID token or a logout token is not an access token.
Result<> check_is_access_token(const Token& token);

/// A NumericDate (RFC 7519, 2), or nothing.
std::optional<Time> time_of(json::Value claim);

}   // namespace ward::jose
