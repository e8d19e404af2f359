// SPDX-License-Identifier: Apache-2.0
#include "watch/cases.hpp"

#include <algorithm>
#include <optional>

namespace ward::watch {

std::size_t Cases::root_of(std::size_t number) const {
    while (joined_[number] != number) {
        joined_[number] = joined_[joined_[number]];
        number = joined_[number];
    }
    return number;
}

void Cases::add(const detect::Finding& finding) {
    std::vector<std::size_t> roots;
    for (const auto& system : finding.systems) {
        const auto* trace = traces_.find(system);
        if (trace != nullptr && finding.at - trace->last <= apart_max)
            roots.push_back(root_of(trace->in_case));
    }
    if (roots.empty()) {
        roots.push_back(joined_.size());
        joined_.push_back(joined_.size());
    }
    const auto oldest = std::ranges::min(roots);
    for (const auto root : roots) joined_[root] = oldest;
    for (const auto& system : finding.systems) traces_.at(system) = {oldest, finding.at};
    findings_.push_back(oldest);
}

std::size_t Cases::case_of(std::size_t finding) const { return root_of(findings_[finding]) + 1; }

}   // namespace ward::watch
