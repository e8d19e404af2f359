// SPDX-License-Identifier: Apache-2.0
// A record is its versions: one row each, never overwritten, one ledger leaf each. docs/formats/record.md.
#pragma once

#include <cstdint>
#include <vector>

#include "core/bytes.hpp"
#include "core/clock.hpp"
#include "vault/ids.hpp"

namespace ward::vault {

/// placed: made by a PUT, under an id that the client chose. received: a message that a feed brought, as it
/// came.
enum class Change : std::uint8_t { created = 0, updated = 1, deleted = 2, placed = 3, received = 4 };

/// A blind index entry: what it stands for is known only with the key it was made under.
using Token = std::int64_t;

/// Everything of a row but its place in the ledger.
struct Version {
    RecordId record;
    std::int64_t number = 1;   // FHIR's versionId, from 1 without gaps
    std::uint16_t type = 0;    // fhir::ResourceType code; `key_record_type` for a wrapped key
    Change change = Change::created;
    Time time{};
    OwnerId owner;
    KeyId key;
    Buffer sealed;
    std::vector<Token> tokens;   // sorted, each once; empty unless the version is searchable
    Digest commitment{};
};

/// The rows of this type say which wrapped keys exist. Their `sealed` is the SHA-256 of the wrapped key, so
/// that the key store cannot be altered unnoticed either.
inline constexpr std::uint16_t key_record_type = 0;

/// The version of the key that made a row's tokens; each row says which.
inline constexpr std::uint8_t index_key_version = 1;

/// What sealing binds a body to: moved to another row, or with another time or kind of change, it does not
/// open.
Buffer row_binding(const Version& version);

/// The tokens as the row stores them, and back. Reading gives nothing for bytes that no row can hold.
Buffer encode_tokens(const std::vector<Token>& tokens);
Result<std::vector<Token>> decode_tokens(Bytes bytes);

/// The ledger leaf: kind, commitment, SHA-256 of the row. It says nothing about the record to who has no
/// keys.
inline constexpr std::size_t leaf_bytes = 1 + 32 + 32;
Buffer leaf_of(const Version& version);

}   // namespace ward::vault
