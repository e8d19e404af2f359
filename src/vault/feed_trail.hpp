// SPDX-License-Identifier: Apache-2.0
// Tells in the audit trail that a feed fell silent, and that it is heard again. Found by their type across
// the facility: AuditEvent?type=110108.
#pragma once

#include <string>

#include "fhir/query.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

enum class FeedTurn { silent, heard_again };

/// On disk when it returns. Time{} stands for never.
Result<> tell_of_feed(Vault& vault, const std::string& feed, FeedTurn turn, Time last_heard);

/// Whether that was the last that was told of the feed.
Result<bool> is_told_silent(Vault& vault, const std::string& feed);

/// Under this the index has them.
OwnerId feed_turns(const Pseudonyms& pseudonyms);
/// Whether nothing else can pass.
bool asks_for_feed_turns(const fhir::Query& query);

}   // namespace ward::vault
