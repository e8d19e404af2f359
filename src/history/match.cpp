// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.hpp"
#include "history/filter.hpp"

namespace ward::history {
namespace {

/// Whether `text`, in lower case, is the pieces with anything between them.
bool has_pieces(std::string_view text, const std::vector<std::string>& pieces) {
    const auto& first = pieces.front();
    const auto& last = pieces.back();
    if (text.size() < first.size() + last.size() || !text.starts_with(first) || !text.ends_with(last))
        return false;
    text.remove_prefix(first.size());
    text.remove_suffix(last.size());
    for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
        const auto found = text.find(pieces[i]);
        if (found == std::string_view::npos) return false;
        text.remove_prefix(found + pieces[i].size());
    }
    return true;
}

bool equals_text(std::string_view text, const Wanted& wanted) {
    if (wanted.prefix) {
        const auto address = parse_ip_address(text);
        if (address) return wanted.prefix->holds(*address);
    }
    if (wanted.address) {
        const auto address = parse_ip_address(text);
        if (address) return *address == *wanted.address;
    }
    return equal_ignoring_case(text, wanted.text);
}

bool equals(json::Value value, const Wanted& wanted) {
    if (!wanted.pieces.empty()) {
        if (wanted.pieces.size() == 2 && wanted.pieces.front().empty() && wanted.pieces.back().empty())
            return value.kind() != json::Kind::null;
        return has_pieces(lowered(value.is_string() ? value.text() : value.raw()), wanted.pieces);
    }
    switch (value.kind()) {
        case json::Kind::string: return equals_text(value.text(), wanted);
        case json::Kind::number: return wanted.number && canonical_number(value.raw()) == wanted.number;
        case json::Kind::boolean: return value.raw() == wanted.lower;
        default: return false;
    }
}

template <class T>
bool compares(const T& value, Comparison comparison, const T& limit) {
    switch (comparison) {
        case Comparison::less: return value < limit;
        case Comparison::at_most: return value <= limit;
        case Comparison::more: return value > limit;
        case Comparison::at_least: return value >= limit;
        default: return value == limit;
    }
}

bool holds(json::Value value, Comparison comparison, const Wanted& wanted) {
    if (comparison == Comparison::equal) return equals(value, wanted);
    if (const auto number = value.number(); number && wanted.size)
        return compares(*number, comparison, *wanted.size);
    if (!wanted.time) return false;
    const auto time = event::parse_timestamp(value.text());
    return time && compares(*time, comparison, *wanted.time);
}

bool holds(json::Value event, const Condition& condition) {
    const auto is_wanted = [&](json::Value value) {
        return std::ranges::any_of(condition.wanted, [&](const Wanted& wanted) {
            return holds(value, condition.comparison, wanted);
        });
    };
    return std::ranges::any_of(condition.paths, [&](const std::string& path) {
        return !each_value(event, path, [&](json::Value value) { return !is_wanted(value); });
    });
}

}   // namespace

bool Filter::matches(json::Value event) const {
    const auto match = [&](const Filter& part) { return part.matches(event); };
    switch (kind) {
        case Kind::all: return std::ranges::all_of(parts, match);
        case Kind::any: return std::ranges::any_of(parts, match);
        case Kind::none: return std::ranges::none_of(parts, match);
        default: return holds(event, condition);
    }
}

}   // namespace ward::history
