// SPDX-License-Identifier: Apache-2.0
#include "fhir/match.hpp"

#include <algorithm>

namespace ward::fhir {

namespace {

// R4, search.html#token. A code's own system is not in the resource, so that any that is asked for will do.
bool holds(const TokenTerm& term, const TokenValue& value) {
    const bool implied = value.system_kind == TokenValue::System::implied;
    switch (term.system_kind) {
        case TokenTerm::System::any: break;
        case TokenTerm::System::none:
            if (value.system_kind == TokenValue::System::named) return false;
            break;
        case TokenTerm::System::named:
            if (!implied && value.system != term.system) return false;
            if (implied && term.code.empty()) return false;
            break;
    }
    return term.code.empty() || term.code == value.code;
}

bool holds(const StringTerm& term, const StringValue& value) {
    switch (term.match) {
        case StringTerm::Match::starts_with: return value.normalised.starts_with(term.normalised);
        case StringTerm::Match::exact: return value.text == term.text;
        case StringTerm::Match::contains: return value.normalised.find(term.normalised) != std::string::npos;
    }
    return false;
}

bool holds(const ReferenceTerm& term, const ReferenceValue& value) {
    if (!term.version.empty() && term.version != value.version) return false;
    if (!term.url.empty()) return term.url == value.url;
    return term.id == value.id && (term.type.empty() || term.type == value.type);
}

bool holds(const DateTerm& term, const DateValue& value, Time now) {
    return compare(term.prefix, value.interval, term.interval, now);
}

bool holds(const NumberTerm& term, const NumberValue& value) {
    return compare(term.prefix, value.interval, term.number);
}

// R4, search.html#quantity: without a system the code may be the unit's text.
bool holds(const QuantityTerm& term, const QuantityValue& value) {
    if (!term.system.empty() && term.system != value.system) return false;
    const bool is_unit = term.system.empty() && term.code == value.unit;
    if (!term.code.empty() && term.code != value.code && !is_unit) return false;
    return compare(term.prefix, value.interval, term.number);
}

// The same, or a part of its path on.
bool is_below(std::string_view uri, std::string_view root) {
    if (!uri.starts_with(root)) return false;
    return uri.size() == root.size() || root.ends_with('/') || uri[root.size()] == '/';
}

// R4, search.html#uri.
bool holds(const UriTerm& term, const UriValue& value) {
    switch (term.match) {
        case UriTerm::Match::exact: return value.uri == term.uri;
        case UriTerm::Match::below: return is_below(value.uri, term.uri);
        case UriTerm::Match::above: return is_below(term.uri, value.uri);
    }
    return false;
}

/// Pairs each kind of term with its kind of value.
struct Pairing {
    Time now;

    bool operator()(const DateTerm& term, const DateValue& value) const { return holds(term, value, now); }
    template <class T, class V>
    bool operator()(const T& term, const V& value) const {
        if constexpr (requires { holds(term, value); }) return holds(term, value);
        return false;
    }
};

bool holds_together(const std::vector<Term>& terms, const CompositeValue& parts, Time now) {
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const bool any = i < parts.size() &&
                         std::any_of(parts[i].begin(), parts[i].end(),
                                     [&](const Value& value) { return matches(terms[i], value, now); });
        if (!any) return false;
    }
    return true;
}

bool finds_value(const Filter& filter, ResourceType type, json::Value resource, Time now,
                 std::vector<IndexedValue>& values) {
    const auto& parameter = *filter.parameter;
    if (filter.aspect == Aspect::presence) return is_present(type, parameter, resource);
    if (!filter.combinations.empty()) {
        const auto composites = composites_of(type, parameter, resource);
        return std::any_of(composites.begin(), composites.end(), [&](const CompositeValue& parts) {
            return std::any_of(
                filter.combinations.begin(), filter.combinations.end(),
                [&](const std::vector<Term>& terms) { return holds_together(terms, parts, now); });
        });
    }
    values.clear();
    values_of(type, parameter, resource, values, filter.aspect);
    return std::any_of(values.begin(), values.end(), [&](const IndexedValue& value) {
        return std::any_of(filter.any_of.begin(), filter.any_of.end(),
                           [&](const Term& term) { return matches(term, value.value, now); });
    });
}

}   // namespace

bool matches(const Term& term, const Value& value, Time now) { return std::visit(Pairing{now}, term, value); }

bool matches(const Filter& filter, ResourceType type, json::Value resource, Time now) {
    std::vector<IndexedValue> values;
    return finds_value(filter, type, resource, now, values) != filter.negated;
}

bool matches(const Query& query, json::Value resource, Time now) {
    if (resource["resourceType"].text() != name_of(query.type)) return false;
    std::vector<IndexedValue> values;
    return std::all_of(query.filters.begin(), query.filters.end(), [&](const Filter& filter) {
        return finds_value(filter, query.type, resource, now, values) != filter.negated;
    });
}

}   // namespace ward::fhir
