// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/result.hpp"
#include "http/client.hpp"
#include "vault/access.hpp"
#include "vault/vault.hpp"

namespace ward::cli {

/// Asks the running ward-keys to sign a token. Errc::unavailable, with what to do, when none runs.
Result<std::string> issue_token(const std::string& directory, const vault::TokenWish& wish);

/// How to connect to the vault that serves this directory.
Result<http::ClientOptions> client_options(const vault::VaultPaths& paths);

}   // namespace ward::cli
