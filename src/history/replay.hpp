// SPDX-License-Identifier: Apache-2.0
// What a store was given since somebody last looked at it.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/function_ref.hpp"
#include "core/result.hpp"
#include "event/fields.hpp"
#include "history/history.hpp"

namespace ward::history {

struct ReplayLimits {
    std::size_t bytes_max = std::size_t{1} << 30U;   // of lines that are held at a time
};

struct Replayed {
    std::uint64_t events = 0;
    std::uint64_t passed_over = 0;       // past the limit, or in blocks that are damaged
    std::vector<std::string> damage{};   // days that could not be read
};

/// Events of one publisher that came one after the other.
struct Turn {
    std::string publisher;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

/// What is told, of each event whose number is above the one that `known` has of its publisher (or 0).
struct Replay {
    event::Time since = event::Time::min();   // only of then or later
    std::span<const Turn> order{};            // as they came; others come behind, about in the order of time
};

/// Those of a publisher are told in its order. `known` then has all of them. Errc::not_found where there is
/// no store.
Result<Replayed> replay(const std::filesystem::path& folder, Known& known, const Replay& wanted,
                        FunctionRef<void(std::string_view line)> tell, ReplayLimits limits = {});

}   // namespace ward::history
