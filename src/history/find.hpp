// SPDX-License-Identifier: Apache-2.0
// Reading a store, also while its writer writes: the newest events first, a page at a time.
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/function_ref.hpp"
#include "history/files.hpp"
#include "history/filter.hpp"

namespace ward::history {

/// Where an event stands among all: by time, then by who published it and as what number.
struct Place {
    std::int64_t microseconds = 0;
    std::string publisher{};
    std::uint64_t sequence = 0;

    auto operator<=>(const Place&) const = default;
};

/// `1772409600196498.17.sensor`, and back.
std::string to_text(const Place& place);
std::optional<Place> parse_place(std::string_view text);

struct Question {
    static constexpr std::size_t limit_max = 100'000;

    Filter filter{};
    std::optional<event::Time> since{};
    std::optional<event::Time> until{};   // without it
    std::optional<Place> after{};         // only what is older: the last event of the page before
    std::size_t limit = 50;
};

struct Hit {
    Place place;
    std::string line;
};

struct Effort {
    std::uint64_t blocks = 0;   // opened
    std::uint64_t events = 0;   // in them
};

struct Page {
    static constexpr std::size_t bytes_max = std::size_t{64} << 20U;   // of lines; at least one event

    std::vector<Hit> hits{};             // the newest first
    bool more = false;                   // there are others behind the last one
    std::vector<std::string> damage{};   // what could not be read; what is there is right all the same
    Effort effort{};
};

/// `progress` is called now and then with the day that is being read. Errc::not_found where there is no
/// store, Errc::unavailable.
Result<Page> find(const std::filesystem::path& folder, const Question& question,
                  FunctionRef<void(DayOfEvents, const Effort&)> progress);

}   // namespace ward::history
