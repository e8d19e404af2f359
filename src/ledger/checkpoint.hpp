// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-checkpoint: the head of a log's tree, as the text of a signed note.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/note.hpp"
#include "ledger/tree.hpp"

namespace ward::ledger {

struct Checkpoint {
    std::string origin;
    TreeHead head;
    std::vector<std::string> extensions;   // lines that we keep and do not understand
    bool operator==(const Checkpoint&) const = default;
};

Result<Checkpoint> parse_checkpoint(std::string_view text);
std::string format_checkpoint(const Checkpoint& checkpoint);

/// A checkpoint that the log of this key signed: its origin is the key's name.
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

}   // namespace ward::ledger
