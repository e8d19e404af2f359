// SPDX-License-Identifier: Apache-2.0
// What the programs of one data directory tell each other through files.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.hpp"
#include "crypto/sign.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// The ledger's origin: as it was when the ledger was made, else `wanted`, else one derived from its key.
/// Writes ledger.vkey, which is all that a verifier needs. Errc::corrupt when the file names another key.
Result<std::string> ledger_identity(const VaultPaths& paths, const std::string& wanted,
                                    const crypto::PublicKey& key);

/// Gives up all that serving does not need: files other than the vault's own, programs, signals to others.
/// ward-keys' folder stays readable: a wrapped key opens nothing. Call it before there are threads, and when
/// the ledger has its identity.
Result<> confine_to(const VaultPaths& paths);

/// Where the running vault serves.
struct Running {
    std::string base_url;
    std::int64_t process = 0;
};

Result<> announce(const VaultPaths& paths, const std::string& base_url);
Result<> retract(const VaultPaths& paths);

/// Errc::unavailable when no vault serves this directory.
Result<Running> find_running(const VaultPaths& paths);

}   // namespace ward::vault
