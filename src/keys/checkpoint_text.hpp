// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace ward::keys {

/// What a checkpoint says (C2SP tlog-checkpoint): the text above the signatures. A view of it.
struct CheckpointText {
    std::string_view origin;
    std::uint64_t size;
    Digest root;
};

/// Strict: three lines, each ended, without extensions. ward-keys signs nothing else with the ledger's key.
Result<CheckpointText> parse_checkpoint(std::string_view text);

}   // namespace ward::keys
