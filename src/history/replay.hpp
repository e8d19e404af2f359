// SPDX-License-Identifier: Apache-2.0
// What a store was given since somebody last looked at it.
#pragma once

#include <filesystem>
#include <string_view>

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
    std::uint64_t passed_over = 0;   // past the limit, or in what is damaged
};

/// Each event whose number is above the one that `known` has of its publisher (or 0), if it is of `since` or
/// later: those of a publisher in its order, of several about in that of time. `known` then has all of them.
/// Errc::not_found where there is no store, Errc::unavailable; nothing was told then.
Result<Replayed> replay(const std::filesystem::path& folder, Known& known, event::Time since,
                        FunctionRef<void(std::string_view line)> tell, ReplayLimits limits = {});

}   // namespace ward::history
