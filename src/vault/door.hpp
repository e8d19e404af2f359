// SPDX-License-Identifier: Apache-2.0
// Who is at the door: from a request to a proven Caller; and the token endpoint for registered systems.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/message.hpp"
#include "policy/policy.hpp"
#include "vault/access.hpp"
#include "vault/clients.hpp"
#include "vault/exchange.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// How Ward's own tokens are signed: by ward-keys.
using SignToken = std::function<Result<crypto::Signature>(std::string_view text)>;

/// All but the gate may be missing: null, or empty.
struct DoorParts {
    Gate& gate;
    Clients* clients = nullptr;
    SignToken sign{};
    std::string issuer{};           // of Ward's own tokens
    std::string token_url{};        // the address of the token endpoint
    Provider* provider = nullptr;   // for smart-configuration
    std::shared_ptr<const policy::Policy> policy{};
};

/// Callable from several threads. Borrows the vault and the parts.
class Door {
public:
    Door(Vault& vault, DoorParts parts) : vault_(vault), parts_(std::move(parts)) {}

    /// Fills in the caller: a bearer of a token, or a system with a registered certificate.
    fhir::Checked<> admit(const http::Request& request, Caller& caller);

    /// RFC 6749, 4.4 with the assertion of SMART Backend Services: a token for a registered system. The reply
    /// is what OAuth asks for, an error too.
    Reply issue_token(const http::Request& request, Caller& caller, AuditTrail& trail);

    /// The answer to .well-known/smart-configuration; 503 while the provider cannot be asked.
    http::Response smart_configuration();

private:
    static constexpr std::chrono::seconds system_token_lifetime{300};

    void grant(const Grant& grant, Caller& caller);
    Result<Reply> token_for(const http::Request& request, Caller& caller);

    Vault& vault_;
    const DoorParts parts_;
};

}   // namespace ward::vault
