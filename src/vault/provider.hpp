// SPDX-License-Identifier: Apache-2.0
// The hospital's OpenID Connect provider: which tokens are its, and what they say.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <vector>

#include "core/mutex.hpp"
#include "core/task_queue.hpp"
#include "http/message.hpp"
#include "jose/key_set.hpp"
#include "jose/token.hpp"
#include "vault/grant.hpp"

namespace ward::vault {

struct ProviderSettings {
    std::string issuer;     // as its tokens say, exactly
    std::string audience;   // what its tokens call this server
    std::string roles_claim = "roles";
    std::string client_id;   // for introspection; empty: opaque tokens are refused
    std::string client_secret;
};

/// Sends a request to an https address. Errc::unavailable when nobody answers.
using Fetch = std::function<Result<http::Response>(std::string_view url, http::Request request)>;

/// Over TLS, trusting these authorities and nothing else.
Fetch fetch_over_tls(std::string authorities_pem);

/// Callable from several threads. Of those that call, two at most wait for the provider's answer, however
/// long that takes, beside the one that asks for keys; the others get Errc::unavailable after `patience`.
/// Addresses that the provider names are asked only where they have the issuer's own scheme, host and port,
/// so that nobody else is ever connected to.
class Provider {
public:
    Provider(ProviderSettings settings, Fetch fetch)
        : settings_(std::move(settings)), fetch_(std::move(fetch)) {}

    /// Errc::denied for what is not the provider's, Errc::unavailable when it cannot be known now.
    Result<Grant> admit(std::string_view token, Time now);

    /// Where apps go for their tokens, and what they can ask for there, as the provider says it.
    struct Offer {
        std::string authorization, token, keys;   // addresses
        std::vector<std::string> scopes, grants, authentications, algorithms, challenges;
    };
    Result<Offer> offer(Time now);
    const std::string& issuer() const { return settings_.issuer; }

    /// A key that is not known is asked for no more often than this: forged tokens cost nothing more.
    static constexpr std::chrono::seconds refetch_min{30};
    /// Keys are asked for again after this, and kept when the provider does not answer.
    static constexpr std::chrono::minutes keys_fresh_max{60};
    static constexpr std::chrono::milliseconds patience{250};

private:
    struct Known {
        Offer offer;
        std::string introspection_url;
        jose::KeySet keys;
    };
    using SharedKnown = std::shared_ptr<const Known>;

    Result<Grant> admit_signed(std::string_view token, Time now);
    Result<Grant> introspect(std::string_view token, Time now);
    Result<SharedKnown> known(std::string_view key_id, Time now);
    bool begin_refresh(Time now);
    void refresh(Time now);
    Result<Known> ask() const;
    Result<json::Document> get(const std::string& url) const;
    Result<std::string> own_address(json::Value url) const;

    const ProviderSettings settings_;
    const Fetch fetch_;
    std::counting_semaphore<> introspecting_{2};
    Mutex mutex_;   // guards what is known, and whether it is being asked for
    SharedKnown known_ GUARDED_BY(mutex_);
    Time known_since_ GUARDED_BY(mutex_){};
    bool is_asking_ GUARDED_BY(mutex_) = false;
    std::optional<Time> asked_ GUARDED_BY(mutex_);
    std::condition_variable_any answered_;
    TaskQueue refreshing_{1, 1};   // the last: what it still does uses the others
};

}   // namespace ward::vault
