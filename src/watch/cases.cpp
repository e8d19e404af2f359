// SPDX-License-Identifier: Apache-2.0
#include "watch/cases.hpp"

#include <algorithm>
#include <optional>

namespace ward::watch {

std::size_t Cases::root_of(std::size_t number) const {
    while (joined_[number] != number) number = joined_[number];
    return number;
}

void Cases::add(const detect::Finding& finding) {
    auto names = finding.systems;
    names.insert(names.end(), finding.accounts.begin(), finding.accounts.end());
    std::optional<std::size_t> of;
    for (const auto& name : names) {
        const auto trace = traces_.find(name);
        if (trace == traces_.end() || finding.at - trace->second.last > apart_max) continue;
        const auto other = root_of(trace->second.in_case);
        const auto first = of ? std::min(*of, other) : other;
        joined_[other] = joined_[of.value_or(other)] = first;
        of = first;
    }
    if (!of) {
        of = joined_.size();
        joined_.push_back(*of);
    }
    for (auto& name : names) traces_.insert_or_assign(std::move(name), Trace{*of, finding.at});
    findings_.push_back(*of);
}

std::size_t Cases::case_of(std::size_t finding) const { return root_of(findings_[finding]) + 1; }

}   // namespace ward::watch
