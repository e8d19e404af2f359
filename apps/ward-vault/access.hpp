// SPDX-License-Identifier: Apache-2.0
// Who may: the files and settings that say so, read before the program gives up the right to read them.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "policy/policy.hpp"
#include "vault/clients.hpp"
#include "vault/cross_origin.hpp"
#include "vault/provider.hpp"

namespace ward {

struct AccessOptions {
    std::string policy_file;
    std::string clients_file;
    std::vector<std::string> page_origins;
    std::string issuer;
    std::string audience;
    std::string authorities_file;
    std::string roles_claim = "roles";
    std::string client_id;
    std::string secret_file;
};

void add_access_options(CLI::App& app, AccessOptions& options);

struct Access {
    std::shared_ptr<const policy::Policy> policy;   // null: scopes and consents decide
    std::unique_ptr<vault::Clients> clients;        // null: no system is registered
    vault::CrossOrigin cross_origin;
    std::string authorities_pem;
    vault::ProviderSettings provider;
};

Result<Access> load_access(const AccessOptions& options);

/// Null if none is configured. Without an audience, tokens are for `base_url`.
std::unique_ptr<vault::Provider> make_provider(Access& access, const std::string& base_url);

}   // namespace ward
