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

bool passes(const Filter& filter, ResourceType type, json::Value resource, Time now,
            std::vector<IndexedValue>& values) {
    values.clear();
    values_of(type, *filter.parameter, resource, values);
    return std::any_of(values.begin(), values.end(), [&](const IndexedValue& value) {
        return std::any_of(filter.any_of.begin(), filter.any_of.end(),
                           [&](const Term& term) { return matches(term, value, now); });
    });
}

}   // namespace

bool matches(const Term& term, const IndexedValue& indexed, Time now) {
    if (const auto* token = std::get_if<TokenTerm>(&term)) {
        const auto* value = std::get_if<TokenValue>(&indexed.value);
        return value != nullptr && holds(*token, *value);
    }
    if (const auto* string = std::get_if<StringTerm>(&term)) {
        const auto* value = std::get_if<StringValue>(&indexed.value);
        return value != nullptr && holds(*string, *value);
    }
    if (const auto* date = std::get_if<DateTerm>(&term)) {
        const auto* value = std::get_if<DateValue>(&indexed.value);
        return value != nullptr && compare(date->prefix, value->interval, date->interval, now);
    }
    const auto* value = std::get_if<ReferenceValue>(&indexed.value);
    return value != nullptr && holds(std::get<ReferenceTerm>(term), *value);
}

bool matches(const Query& query, json::Value resource, Time now) {
    if (resource["resourceType"].text() != name_of(query.type)) return false;
    std::vector<IndexedValue> values;
    return std::all_of(query.filters.begin(), query.filters.end(), [&](const Filter& filter) {
        return passes(filter, query.type, resource, now, values);
    });
}

}   // namespace ward::fhir
