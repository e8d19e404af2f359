// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-proof: a text that proves, without asking anybody, that an entry is in a log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/checkpoint.hpp"

namespace ward::ledger {

struct Proof {
    std::optional<Buffer> extra;   // not covered by any signature; Ward puts the entry here
    std::uint64_t index = 0;
    std::vector<Digest> path;
    std::string checkpoint;   // the signed note, verbatim
};

struct ProofLimits {
    std::size_t proof_bytes_max = 512 * 1'024;
    std::size_t path_max = 64;
};

/// Strict. The checkpoint must be a note; who signed it is asked later.
Result<Proof> parse_proof(std::string_view text);
std::string format_proof(const Proof& proof);

/// The checkpoint in which `entry` is proved to be. Errc::denied when the log's key did not sign it or the
/// path does not lead from the entry to its root.
Result<Checkpoint> verify_proof(const Proof& proof, Bytes entry, const VerifierKey& key);

}   // namespace ward::ledger
