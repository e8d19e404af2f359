// SPDX-License-Identifier: Apache-2.0
#include "watch/cases.hpp"

#include <algorithm>
#include <span>

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
    const auto follow = [&](LruMap<std::string, Trace>& traces, const std::string& system) {
        const auto* trace = traces.find(system);
        if (trace != nullptr && finding.at - trace->last <= apart_max)
            roots.push_back(root_of(trace->in_case));
    };
    const auto& who = finding.systems.front();
    const std::span whom{finding.systems.begin() + 1, finding.systems.end()};
    follow(did_, who);
    follow(suffered_, who);
    for (const auto& system : whom) follow(did_, system);
    if (roots.empty()) {
        roots.push_back(joined_.size());
        joined_.push_back(joined_.size());
    }
    const auto oldest = std::ranges::min(roots);
    for (const auto root : roots) joined_[root] = oldest;
    did_.at(who) = {oldest, finding.at};
    for (const auto& system : whom) suffered_.at(system) = {oldest, finding.at};
    findings_.push_back(oldest);
}

std::size_t Cases::case_of(std::size_t finding) const { return root_of(findings_[finding]) + 1; }

}   // namespace ward::watch
