// SPDX-License-Identifier: Apache-2.0
#include "history/plan.hpp"

#include <algorithm>
#include <iterator>

#include "history/indexed.hpp"

namespace ward::history {
namespace {

using Blocks = std::vector<std::uint32_t>;

std::optional<std::vector<Key>> keys_for(const std::string& path, const Wanted& wanted) {
    if (!wanted.pieces.empty()) {
        const auto& behind = wanted.pieces.back();
        const bool is_domain = wanted.pieces.size() == 2 && wanted.pieces.front().empty() &&
                               behind.size() > 1 && behind.front() == '.';
        return is_domain ? keys_below(path, behind.substr(1)) : std::nullopt;
    }
    auto keys = keys_of(path, wanted.text);
    if (!wanted.prefix || !keys) return keys;
    const auto inside = keys_of(path, *wanted.prefix);
    if (!inside) return std::nullopt;
    keys->insert(keys->end(), inside->begin(), inside->end());
    return keys;
}

std::optional<Plan> plan_for(const Condition& condition) {
    if (condition.comparison != Comparison::equal) return std::nullopt;
    Plan plan;
    for (const auto& path : condition.paths) {
        const auto* const field = find_indexed(path);
        if (field == nullptr) return std::nullopt;
        plan.since = std::max(plan.since, field->since);
        for (const auto& wanted : condition.wanted) {
            const auto keys = keys_for(path, wanted);
            if (!keys) return std::nullopt;
            plan.keys.insert(plan.keys.end(), keys->begin(), keys->end());
        }
    }
    std::ranges::sort(plan.keys);
    const auto doubles = std::ranges::unique(plan.keys);
    plan.keys.erase(doubles.begin(), doubles.end());
    return plan;
}

std::optional<Plan> plan_for_parts(const Filter& filter) {
    const bool is_all = filter.kind == Filter::Kind::all;
    Plan plan{.kind = is_all ? Plan::Kind::all : Plan::Kind::any};
    for (const auto& part : filter.parts) {
        auto own = plan_for(part);
        if (!own && !is_all) return std::nullopt;
        if (!own) continue;
        plan.since = std::max(plan.since, own->since);
        plan.parts.push_back(std::move(*own));
    }
    if (plan.parts.empty()) return std::nullopt;
    return plan;
}

Blocks joined(const Blocks& a, const Blocks& b, bool is_all) {
    Blocks both;
    if (is_all)
        std::ranges::set_intersection(a, b, std::back_inserter(both));
    else
        std::ranges::set_union(a, b, std::back_inserter(both));
    return both;
}

}   // namespace

std::optional<Plan> plan_for(const Filter& filter) {
    switch (filter.kind) {
        case Filter::Kind::condition: return plan_for(filter.condition);
        case Filter::Kind::none: return std::nullopt;
        default: return plan_for_parts(filter);
    }
}

Result<Blocks> blocks_for(const Plan& plan, FunctionRef<Result<Blocks>(Key)> look_up) {
    Blocks blocks;
    for (const auto key : plan.keys) blocks = joined(blocks, TRY(look_up(key)), false);
    const bool is_all = plan.kind == Plan::Kind::all;
    for (std::size_t i = 0; i < plan.parts.size(); ++i) {
        const auto own = TRY(blocks_for(plan.parts[i], look_up));
        blocks = i == 0 ? own : joined(blocks, own, is_all);
        if (is_all && blocks.empty()) break;
    }
    return blocks;
}

}   // namespace ward::history
