// SPDX-License-Identifier: Apache-2.0
// Systems that the hospital registered: they prove themselves by a key of their own (SMART Backend Services)
// or by a client certificate (RFC 8705, 2.2), and have the scopes that were registered and no others.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/bytes.hpp"
#include "core/mutex.hpp"
#include "jose/key_set.hpp"
#include "vault/grant.hpp"

namespace ward::vault {

struct RegisteredClient {
    std::string id;
    std::string scope;   // as registered
    std::vector<Scope> scopes;
    std::vector<std::string> roles;
    jose::KeySet keys;
    std::string certificate_pem;         // may be empty
    std::optional<Digest> certificate;   // its fingerprint
};

/// Callable from several threads.
class Clients {
public:
    static constexpr std::size_t clients_max = 1'000;
    static constexpr std::size_t file_bytes_max = std::size_t{1} << 20;
    static constexpr std::size_t remembered_max = 100'000;
    static constexpr std::chrono::minutes assertion_lifetime_max{5};

    Clients() = default;
    explicit Clients(std::vector<RegisteredClient> registered) : registered_(std::move(registered)) {}

    /// docs/formats/clients.md. Errors say which client and what of it.
    static Result<std::vector<RegisteredClient>> parse(std::string_view text);

    bool empty() const { return registered_.empty(); }
    /// Those of all clients, to be trusted by the server: empty if there are none.
    std::string certificates_pem() const;

    /// The client whose assertion (RFC 7523, SMART Backend Services) this is, for the token endpoint at
    /// `url`. Each assertion is taken once: its `jti` is remembered until it has expired.
    Result<const RegisteredClient*> prove(std::string_view assertion, std::string_view url, Time now);

    /// The client with this certificate, or null.
    const RegisteredClient* with_certificate(const Digest& certificate) const;

private:
    Result<> take_once(std::string jti, Time expires, Time now);

    const std::vector<RegisteredClient> registered_;
    Mutex mutex_;   // guards the assertions of the last minutes
    std::unordered_map<std::string, Time> taken_ GUARDED_BY(mutex_);
};

/// The part of `wanted` that the client may have: an empty wish is all of it, and anything beyond refuses the
/// whole (RFC 6749, 5.2: invalid_scope).
Result<std::string> scope_for(const RegisteredClient& client, std::string_view wanted);

}   // namespace ward::vault
