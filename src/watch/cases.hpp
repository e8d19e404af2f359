// SPDX-License-Identifier: Apache-2.0
// Which findings belong together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/lru_map.hpp"
#include "detect/finding.hpp"

namespace ward::watch {

/// Findings are of one case that within `apart_max` tell of the same who did it, or of who did something
/// after it was done to. That it was done to the same one joins none: all use the same servers.
class Cases {
public:
    static constexpr std::chrono::hours apart_max{72};
    static constexpr std::size_t systems_max = 100'000;   // that are remembered

    /// The case of the finding. One that joins two makes them one, and keeps the older number.
    void add(const detect::Finding& finding);
    /// Of the finding that was added as that one, from 0 on: its case's number, from 1 on.
    std::size_t case_of(std::size_t finding) const;

private:
    struct Trace {
        std::size_t in_case = 0;
        event::Time last{};
    };
    std::size_t root_of(std::size_t number) const;

    // Of each case, one that it is a part of, or itself: they get shorter as they are followed.
    mutable std::vector<std::size_t> joined_;
    std::vector<std::size_t> findings_;   // the case of each
    LruMap<std::string, Trace> did_{systems_max};
    LruMap<std::string, Trace> suffered_{systems_max};
};

}   // namespace ward::watch
