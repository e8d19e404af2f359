// SPDX-License-Identifier: Apache-2.0
// What the index can say of a filter before an event is read.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/function_ref.hpp"
#include "core/result.hpp"
#include "history/filter.hpp"
#include "history/postings.hpp"

namespace ward::history {

/// An event that matches has one of the keys, or is in all of the parts, or in any of them.
struct Plan {
    enum class Kind : std::uint8_t { keys, all, any };

    Kind kind = Kind::keys;
    std::vector<Key> keys{};
    std::vector<Plan> parts{};
    std::int64_t since = 0;   // an index of an older generation does not know
};

/// Nothing: any event may match.
std::optional<Plan> plan_for(const Filter& filter);

/// The blocks of a segment, ascending, that may hold a match. `look_up` finds those of a key.
Result<std::vector<std::uint32_t>> blocks_for(const Plan& plan,
                                              FunctionRef<Result<std::vector<std::uint32_t>>(Key)> look_up);

}   // namespace ward::history
