// SPDX-License-Identifier: Apache-2.0
// FHIR dates as the intervals they mean, and how search compares intervals.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "core/clock.hpp"
#include "fhir/prefix.hpp"

namespace ward::fhir {

/// Milliseconds since 1970 UTC, both ends included. An open end is the smallest or the greatest value.
struct DateInterval {
    static constexpr std::int64_t open_lower = std::numeric_limits<std::int64_t>::min();
    static constexpr std::int64_t open_upper = std::numeric_limits<std::int64_t>::max();

    std::int64_t lower = open_lower;
    std::int64_t upper = open_upper;

    bool operator==(const DateInterval&) const = default;
};

/// What a date, dateTime or instant means: `2026` is the whole year, `2026-01-31` the whole day. Strict. What
/// names no time zone is taken as UTC. Digits past the millisecond are dropped.
std::optional<DateInterval> parse_date(std::string_view text);
/// As above; a search value may also leave out the seconds, and the time zone (R4, search.html#date).
std::optional<DateInterval> parse_search_date(std::string_view text);

/// Does the resource's `value` stand to the `searched` interval as the prefix says? `now` matters to `ap`
/// only: its tolerance is a tenth of the distance between now and the searched date.
bool compare(Prefix prefix, DateInterval value, DateInterval searched, Time now);

}   // namespace ward::fhir
