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
#include "vault/grant.hpp"
#include "vault/provider.hpp"

namespace ward::vault {

struct TokenWish {
    std::string scope;
    std::string user;     // who holds it: `sub`
    std::string client;   // which program: `client_id`
    std::chrono::seconds lifetime{3600};
    std::string patient{};     // whom `patient/` scopes are about, an id: `patient`
    std::string fhir_user{};   // "Practitioner/d1": `fhirUser`
    std::vector<std::string> roles{};
    std::string purpose{};   // `purpose_of_use`
};

inline constexpr std::chrono::seconds token_lifetime_max{12 * 3600};

/// The part of a JWT that is signed: header and claims. Refuses scopes that Ward could not keep, and
/// lifetimes beyond the maximum.
Result<std::string> token_text(const TokenWish& wish, std::string_view issuer, Time now);

/// Joins the text and its signature.
std::string signed_token(std::string_view text, const crypto::Signature& signature);

/// Admits bearers of tokens, of Ward's own and of the provider's. Remembers those that it verified. Callable
/// from several threads.
class Gate {
public:
    /// `provider` vouches for tokens that are not Ward's own; borrowed, and null if there is none.
    Gate(crypto::PublicKey key, std::string issuer, Provider* provider = nullptr)
        : key_(key), issuer_(std::move(issuer)), provider_(provider) {}

    /// Errc::denied for a token that is malformed, of nobody we know, not yet valid or expired.
    /// Errc::unavailable when the provider must be asked and does not answer.
    Result<std::shared_ptr<const Grant>> admit(std::string_view token, Time now);

private:
    /// What is remembered of a token, and until when.
    struct Remembered {
        std::shared_ptr<const Grant> grant;
        Time until{};
    };

    Result<Grant> verify(std::string_view token) const;
    Result<Remembered> look_at(std::string_view token, Time now) const;

    static constexpr std::size_t remembered_max = 1024;
    static constexpr std::size_t token_bytes_max = 16 * 1024;
    /// What the provider said is asked anew after this: it may have withdrawn the key.
    static constexpr std::chrono::minutes provider_trusted_for{5};

    crypto::PublicKey key_;
    std::string issuer_;
    Provider* provider_;

    Mutex mutex_;   // guards what was verified before, by the digest of its text
    std::unordered_map<std::string, Remembered> remembered_ GUARDED_BY(mutex_);
};

}   // namespace ward::vault
