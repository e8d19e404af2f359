// SPDX-License-Identifier: Apache-2.0
#include "vault/prefer.hpp"

#include <utility>

#include "core/text.hpp"

namespace ward::vault {
namespace {

ReturnPreference return_preference(std::string_view value) {
    using enum ReturnPreference;
    if (equal_ignoring_case(value, "minimal")) return minimal;
    if (equal_ignoring_case(value, "representation")) return representation;
    if (equal_ignoring_case(value, "OperationOutcome")) return operation_outcome;
    return unsaid;
}

std::string_view unquoted(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return value;
    return value.substr(1, value.size() - 2);
}

}   // namespace

Preferences parse_preferences(std::string_view header) {
    Preferences preferences;
    bool handling_said = false;
    while (!header.empty()) {
        auto parameters = take_until(header, ',');
        auto value = take_until(parameters, ';');
        const auto name = trimmed(take_until(value, '='));
        value = unquoted(trimmed(value));
        if (equal_ignoring_case(name, "return") && preferences.returns == ReturnPreference::unsaid)
            preferences.returns = return_preference(value);
        if (equal_ignoring_case(name, "respond-async")) preferences.respond_async = true;
        if (!equal_ignoring_case(name, "handling") || std::exchange(handling_said, true)) continue;
        if (equal_ignoring_case(value, "lenient")) preferences.unknown = fhir::Unknown::ignored;
    }
    return preferences;
}

}   // namespace ward::vault
