// SPDX-License-Identifier: Apache-2.0
#include "fhir/sort.hpp"

#include <algorithm>

#include "fhir/query.hpp"
#include "fhir/values.hpp"

namespace ward::fhir {

namespace {

/// The time as 16 hexadecimal digits that sort as it does.
std::string sortable(std::int64_t time) {
    constexpr std::string_view digits = "0123456789abcdef";
    auto rest = static_cast<std::uint64_t>(time) ^ (std::uint64_t{1} << 63);
    std::string text(16, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, rest >>= 4) *at = digits[rest & 0xfU];
    return text;
}

std::optional<std::string> sortable(const DecimalInterval& interval, bool descending) {
    const auto& end = descending ? interval.upper : interval.lower;
    const auto& other = descending ? interval.lower : interval.upper;
    if (end || other) return sortable(end ? *end : *other);
    return std::nullopt;
}

/// What one value is sorted by: of an interval the end that comes first.
struct KeyOf {
    bool descending;

    std::optional<std::string> operator()(const TokenValue& value) const { return value.code; }
    std::optional<std::string> operator()(const StringValue& value) const { return value.normalised; }
    std::optional<std::string> operator()(const DateValue& value) const {
        return sortable(descending ? value.interval.upper : value.interval.lower);
    }
    std::optional<std::string> operator()(const ReferenceValue& value) const {
        if (!value.url.empty()) return value.url;
        return value.type + '/' + (value.id.empty() ? value.identifier_value : value.id);
    }
    std::optional<std::string> operator()(const NumberValue& value) const {
        return sortable(value.interval, descending);
    }
    std::optional<std::string> operator()(const QuantityValue& value) const {
        return sortable(value.interval, descending);
    }
    std::optional<std::string> operator()(const UriValue& value) const { return value.uri; }
};

}   // namespace

SortPosition sort_position(const Query& query, json::Value resource) {
    SortPosition position;
    for (const auto& key : query.sort) {
        std::vector<IndexedValue> values;
        values_of(query.type, *key.parameter, resource, values);
        auto& first = position.emplace_back();
        for (const auto& indexed : values) {
            auto text = std::visit(KeyOf{key.descending}, indexed.value);
            if (text && (!first || (key.descending ? *text > *first : *text < *first)))
                first = std::move(text);
        }
    }
    return position;
}

std::strong_ordering compare(const Query& query, const SortPosition& a, const SortPosition& b) {
    const auto keys = std::min({query.sort.size(), a.size(), b.size()});
    for (std::size_t i = 0; i < keys; ++i) {
        if (a[i].has_value() != b[i].has_value())
            return a[i] ? std::strong_ordering::less : std::strong_ordering::greater;
        if (!a[i]) continue;
        const auto order = a[i]->compare(*b[i]) <=> 0;
        if (order != 0) return query.sort[i].descending ? 0 <=> order : order;
    }
    return std::strong_ordering::equal;
}

}   // namespace ward::fhir
