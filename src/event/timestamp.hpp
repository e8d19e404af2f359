// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "event/fields.hpp"

namespace ward::event {

/// 2026-01-31T09:05:00.123456+0000, as EVE has it, of a year from 1970 to 2199, with any number of digits of
/// a second; also with Z, or hours and minutes apart.
std::optional<Time> parse_timestamp(std::string_view text);

struct LocalTime {
    Time at{};
    std::chrono::minutes utc_offset{};   // of the clock that wrote it
};
/// The same, with what it says of its clock.
std::optional<LocalTime> parse_local_timestamp(std::string_view text);

}   // namespace ward::event
