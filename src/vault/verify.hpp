// SPDX-License-Identifier: Apache-2.0
// Checks a whole data directory without any key: every row against its ledger entry, every index token
// against its row, every wrapped key against the row that says it exists, every tile and the checkpoint.
// Nothing missing, nothing extra.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/result.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

struct VerifyOptions {
    std::string
        since;   // an earlier checkpoint, as a signed note, of which the ledger must be a continuation
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

struct VerifyReport {
    std::uint64_t entries = 0;       // in the signed checkpoint
    std::uint64_t unpublished = 0;   // committed after it
    std::uint64_t keys = 0;
    std::uint64_t tokens = 0;
    std::uint64_t files = 0;
    std::string checkpoint;   // origin, size and root
};

/// Errc::corrupt, naming the first that is wrong. Also while the vault runs.
Result<VerifyReport> verify(const VaultPaths& paths, const VerifyOptions& options);

}   // namespace ward::vault
