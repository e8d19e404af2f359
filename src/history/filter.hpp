// SPDX-License-Identifier: Apache-2.0
// What a hunt asks for: docs/formats/event-query.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/timestamp.hpp"
#include "history/scalar.hpp"

namespace ward::history {

struct FilterLimits {
    static constexpr std::size_t bytes_max = 8'192;
    static constexpr std::size_t conditions_max = 256;   // values of `in` included
    static constexpr std::size_t depth_max = 32;
};

/// A value as it was written, in each form in which it may be met.
struct Wanted {
    std::string text{};   // without quotes
    std::string lower{};
    std::optional<std::string> number{};
    std::optional<double> size{};   // of a number
    std::optional<event::Time> time{};
    std::optional<IpAddress> address{};
    std::optional<Prefix> prefix{};
    std::vector<std::string> pieces{};   // between the stars, in lower case; none where there is no star
};

enum class Comparison : std::uint8_t { equal, less, at_most, more, at_least };

struct Condition {
    std::vector<std::string> paths;   // of a name for several fields, each
    Comparison comparison = Comparison::equal;
    std::vector<Wanted> wanted;   // any of them
};

class Filter {
public:
    enum class Kind : std::uint8_t { all, any, none, condition };

    /// All of its parts, any of them, none of them (it has one), or a condition. Without a part: every event.
    Kind kind = Kind::all;
    std::vector<Filter> parts{};
    Condition condition{};

    bool matches(json::Value event) const;
};

/// Errc::malformed names the character, from 1, where it cannot go on; Errc::limit_exceeded.
Result<Filter> parse_filter(std::string_view text);

}   // namespace ward::history
