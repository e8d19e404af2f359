// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "event/timestamp.hpp"

namespace ward::history {

/// A time as people write it: as EVE has it, a day (2026-03-02, when it begins in UTC), or how long before
/// `now`: 90m, 24h, 7d.
std::optional<event::Time> parse_moment(std::string_view text, event::Time now);

}   // namespace ward::history
