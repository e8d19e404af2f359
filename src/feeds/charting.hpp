// SPDX-License-Identifier: Apache-2.0
// What one message changes in the record: its resources, merges, and the Provenance that tells of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "feeds/feed.hpp"
#include "feeds/placing.hpp"
#include "fhir/v2/mapping.hpp"
#include "vault/vault.hpp"

namespace ward::feeds {

/// Of the mapping of messages; raised with each change of it that is worth a replay.
inline constexpr std::int64_t mapping_revision = 3;

/// A message as its row holds it.
struct Received {
    std::int64_t seq = 0;
    std::string id;     // of its Binary; empty if it cannot be opened
    Time time{};        // of its arrival
    std::string text;   // as it came
};

/// Reads the message that stands at `seq`.
Result<Received> received(vault::Vault& vault, std::int64_t seq);

/// What to commit for a message: everything, its conclusion included; or of a merge of a large chart a part
/// that moves, without a conclusion, after which the rest is asked for. Errc::limit_exceeded if no more
/// charts may be opened now; Errc::conflict if another change came first.
Result<vault::ChangeSet> chart(vault::Vault& vault, Placing& placing, const Feed& feed,
                               const Received& message);

/// The conclusion of a message of which nothing can be kept but itself; `reason` is safe to store in the
/// clear.
Result<vault::ChangeSet> chart_nothing(vault::Vault& vault, Placing& placing, const Feed& feed,
                                       const Received& message, std::string_view reason);

}   // namespace ward::feeds
