// SPDX-License-Identifier: Apache-2.0
// Checks a log from its files. Shares the hashing and the formats with the writer, and nothing else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "ledger/checkpoint.hpp"

namespace ward::ledger {

struct VerifyParts {
    std::filesystem::path folder;
    VerifierKey key;

    /// Calls `entry` with the entries [0, count) as the store has them, in order; see ReadEntries in log.hpp.
    /// None: the log alone is checked. Called on the caller's thread.
    std::function<Result<>(std::uint64_t count, const std::function<Result<>(Bytes)>& entry)> entries{};

    /// How many entries the store's own checkpoint covers now: a writer that runs, or was cut short, has
    /// files up to there before it publishes. None: files past the published checkpoint are wrong.
    std::function<Result<std::uint64_t>()> staged_size{};

    /// An earlier signed checkpoint, of which the tree must be a continuation.
    std::optional<std::string> since{};

    /// Entries checked so far, of all. From any thread, one at a time.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
};

struct VerifyReport {
    Checkpoint checkpoint;
    std::uint64_t files = 0;         // tiles and bundles of the published tree, also superseded partial ones
    std::uint64_t files_ahead = 0;   // written, not yet published
};

/// Errc::corrupt, naming the first bad file or entry, when anything at all is not as it was signed; other
/// errors when the check itself could not be made.
Result<VerifyReport> verify_log(const VerifyParts& parts);

}   // namespace ward::ledger
