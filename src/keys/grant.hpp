// SPDX-License-Identifier: Apache-2.0
// What two people sign so that more charts may be opened than care needs. docs/formats/grant.md. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace ward::keys {

using GrantId = std::array<std::byte, 16>;

struct GrantLimits {
    std::int64_t owners_max = 1'000'000;
    std::chrono::hours lasting_max{24};   // from its approval
    std::chrono::hours pending_max{24};   // from its request to its approval
    std::size_t open_max = 16;            // asked for or active, at a time
    std::size_t user_bytes_max = 128;
    std::size_t reason_bytes_max = 200;
    std::size_t operators_max = 64;
};

/// Who may take how much, for how long, and why.
struct GrantTerms {
    GrantId id{};
    std::string user{};   // the subject of the token with which the export is asked for
    std::int64_t owners = 0;
    std::chrono::hours lasting{};
    std::string reason{};
    bool operator==(const GrantTerms&) const = default;
};

/// One spelling only: what parse_grant() accepts, grant_text() writes. Errc::malformed for anything else and
/// for what is beyond the limits.
std::string grant_text(const GrantTerms& terms);
Result<GrantTerms> parse_grant(std::string_view text);

/// The people who may ask for and approve grants have an Ed25519 key each, and a name of lowercase letters,
/// digits and hyphens. What they sign says what for, so that no signature does for another act.
enum class GrantAct : std::uint8_t { enroll = 1, request = 2, approve = 3, end = 4 };
/// `text` is that of the grant; for `enroll` the name.
std::string signed_message(GrantAct act, std::string_view text);

/// What happened to grants and operators, in order; the vault tells each in its audit trail.
struct GrantEvent {
    std::uint64_t number = 0;   // from 1
    std::int64_t at_ms = 0;
    GrantAct act{};
    std::string who{};         // an operator; empty where it ended by itself
    std::string text{};        // of the grant; for `enroll` the name
    std::int64_t opened = 0;   // of an end: the owners that were opened under the grant
    bool operator==(const GrantEvent&) const = default;
};

}   // namespace ward::keys
