// SPDX-License-Identifier: Apache-2.0
// Grants and their events as the fields of replies. docs/formats/keys-protocol.md.
#pragma once

#include <optional>

#include "core/result.hpp"
#include "keys/grant_store.hpp"
#include "wire/wire_reader.hpp"
#include "wire/wire_writer.hpp"

namespace ward::keys {

void encode_grant(const KeptGrant& grant, WireWriter& target);
void encode_event(const GrantEvent& event, WireWriter& target);

/// Nothing for a reply without fields: there is none.
Result<std::optional<KeptGrant>> decode_grant(WireReader& fields);
Result<std::optional<GrantEvent>> decode_event(WireReader& fields);

}   // namespace ward::keys
