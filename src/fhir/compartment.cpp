// SPDX-License-Identifier: Apache-2.0
#include "fhir/compartment.hpp"

#include <algorithm>

#include "fhir/values.hpp"

namespace ward::fhir {

namespace {

void add_once(std::vector<std::string>& ids, const std::string& id) {
    if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

// Beside the compartment's own parameters, `patient` and `subject` lead to the same elements wherever they
// exist on a type of the compartment; a test over the table says so.
bool binds(const Filter& filter, ResourceType type) {
    const auto codes = compartment_parameters(type);
    if (codes.empty()) return false;
    const auto code = filter.parameter->code;
    return code == "patient" || code == "subject" ||
           std::find(codes.begin(), codes.end(), code) != codes.end();
}

// The id, if the term can only mean a patient or may mean one; else nothing.
std::string patient_in(const Filter& filter, const Term& term) {
    if (const auto* token = std::get_if<TokenTerm>(&term)) return token->code;   // Patient?_id=
    const auto* reference = std::get_if<ReferenceTerm>(&term);
    if (reference == nullptr) return {};
    const bool patient =
        reference->type.empty() ? may_target(*filter.parameter, "Patient") : reference->type == "Patient";
    return patient ? reference->id : std::string{};
}

std::vector<std::string> patients_in(const Filter& filter) {
    std::vector<std::string> ids;
    for (const auto& term : filter.any_of) {
        const auto id = patient_in(filter, term);
        if (id.empty()) return {};   // one of the alternatives is not about a patient
        add_once(ids, id);
    }
    return ids;
}

}   // namespace

std::vector<std::string> patients_of(ResourceType type, json::Value resource) {
    std::vector<std::string> ids;
    if (type == ResourceType::binary) {
        constexpr std::string_view patient = "Patient/";
        const auto context = resource["securityContext"]["reference"].text();
        const auto id = context.substr(std::min(context.size(), patient.size()));
        if (context.starts_with(patient) && is_id(id)) add_once(ids, std::string{id});
    }
    std::vector<IndexedValue> values;
    for (const auto code : compartment_parameters(type)) {
        if (code == "_id") {
            add_once(ids, std::string{resource["id"].text()});
            continue;
        }
        values.clear();
        values_of(type, *search_parameter(type, code), resource, values);
        for (const auto& indexed : values) {
            const auto* reference = std::get_if<ReferenceValue>(&indexed.value);
            if (reference != nullptr && reference->type == "Patient") add_once(ids, reference->id);
        }
    }
    return ids;
}

std::vector<std::string> patients_in_query(const Query& query) {
    std::vector<std::string> fewest;
    for (const auto& filter : query.filters) {
        if (!filter.needs_value() || !binds(filter, query.type)) continue;
        auto ids = patients_in(filter);
        if (!ids.empty() && (fewest.empty() || ids.size() < fewest.size())) fewest = std::move(ids);
    }
    return fewest;
}

}   // namespace ward::fhir
