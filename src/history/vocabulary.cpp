// SPDX-License-Identifier: Apache-2.0
#include "history/vocabulary.hpp"

namespace ward::history {
namespace {

void add_below(json::Value value, const std::string& path, Names& names) {
    for (const auto item : value.items()) add_below(item, path, names);
    for (const auto& [key, raw_key, own] : value.members()) {
        auto name = path.empty() ? std::string{key} : path + "." + std::string{key};
        add_below(own, name, names);
        names.insert(std::move(name));
    }
}

}   // namespace

void add_names(json::Value event, Names& names) { add_below(event, "", names); }

Names names_in(const Filter& filter) {
    Names names{filter.condition.paths.begin(), filter.condition.paths.end()};
    for (const auto& part : filter.parts) names.merge(names_in(part));
    return names;
}

}   // namespace ward::history
