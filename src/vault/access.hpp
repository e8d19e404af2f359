// SPDX-License-Identifier: Apache-2.0
// Who may: short-lived JWTs (RFC 7519) that ward-keys signs with Ed25519 (RFC 8037) and the vault verifies.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/clock.hpp"
#include "core/mutex.hpp"
#include "core/result.hpp"
#include "crypto/sign.hpp"
#include "vault/scope.hpp"

namespace ward::vault {

struct TokenWish {
    std::string scope;
    std::string user;     // who holds it: `sub`
    std::string client;   // which program: `client_id`
    std::chrono::seconds lifetime{3600};
    std::string patient{};   // whom `patient/` scopes are about, an id: `patient`
};

inline constexpr std::chrono::seconds token_lifetime_max{12 * 3600};

/// The part of a JWT that is signed: header and claims. Refuses scopes that Ward could not keep, and
/// lifetimes beyond the maximum.
Result<std::string> token_text(const TokenWish& wish, std::string_view issuer, Time now);

/// Joins the text and its signature.
std::string signed_token(std::string_view text, const crypto::Signature& signature);

/// What a valid token says.
struct Grant {
    std::string user;
    std::string client;
    std::string patient;   // whom `patient/` scopes are about; empty: nobody
    std::vector<Scope> scopes;
    Time issued{};
    Time expires{};
};

/// Verifies tokens, and remembers those that it verified. Callable from several threads.
class Gate {
public:
    Gate(crypto::PublicKey key, std::string issuer) : key_(key), issuer_(std::move(issuer)) {}

    /// Errc::denied for a token that is malformed, not ours, not yet valid or expired.
    Result<std::shared_ptr<const Grant>> admit(std::string_view token, Time now);

private:
    Result<Grant> verify(std::string_view token) const;

    static constexpr std::size_t remembered_max = 1024;
    static constexpr std::size_t token_bytes_max = 8192;

    crypto::PublicKey key_;
    std::string issuer_;

    Mutex mutex_;   // guards what was verified before, by the digest of its text
    std::unordered_map<std::string, std::shared_ptr<const Grant>> remembered_ GUARDED_BY(mutex_);
};

}   // namespace ward::vault
