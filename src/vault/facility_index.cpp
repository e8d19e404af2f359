// SPDX-License-Identifier: Apache-2.0
#include "vault/facility_index.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "fhir/values.hpp"

namespace ward::vault {
namespace {

using fhir::ResourceType;
using fhir::SearchParameter;

/// A Patient has an index of its own (IndexScope::find_patient), the audit trail too.
bool lies_in_charts(ResourceType type) {
    return fhir::in_patient_compartment(type) && type != ResourceType::patient &&
           type != ResourceType::audit_event;
}

bool is_built_in(const SearchParameter& parameter) {
    return parameter.code == "identifier" || (parameter.base == "RelatedPerson" && parameter.code == "name");
}

}   // namespace

Result<FacilityIndex> FacilityIndex::with(std::vector<std::string> switched_on) {
    for (const auto& name : switched_on) {
        const auto dot = std::min(name.find('.'), name.size());
        const auto type = fhir::resource_type(std::string_view{name}.substr(0, dot));
        const auto* parameter = type && dot < name.size()
                                    ? fhir::search_parameter(*type, std::string_view{name}.substr(dot + 1))
                                    : nullptr;
        const bool is_usable = parameter != nullptr && lies_in_charts(*type) &&
                               fhir::is_indexed(*parameter) && parameter->type != fhir::SearchType::uri;
        if (!is_usable)
            return fail(Errc::malformed,
                        fmt::format("facility index: '{}' is no indexed search parameter of a type that lies"
                                    " in patients' charts, such as CareTeam.role",
                                    name));
    }
    std::ranges::sort(switched_on);
    switched_on.erase(std::unique(switched_on.begin(), switched_on.end()), switched_on.end());
    return FacilityIndex{std::move(switched_on)};
}

bool FacilityIndex::has(ResourceType type, const SearchParameter& parameter) const {
    if (!lies_in_charts(type)) return false;
    return is_built_in(parameter) || std::ranges::binary_search(switched_on_, name_of(type, parameter));
}

std::string FacilityIndex::name_of(ResourceType type, const SearchParameter& parameter) {
    return fmt::format("{}.{}", fhir::name_of(type), parameter.code);
}

std::vector<std::string> FacilityIndex::names() const {
    auto names = switched_on_;
    for (const auto type : fhir::resource_types())
        for (const auto* parameter : fhir::search_parameters(type))
            if (lies_in_charts(type) && is_built_in(*parameter)) names.push_back(name_of(type, *parameter));
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}   // namespace ward::vault
