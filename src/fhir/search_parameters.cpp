// SPDX-License-Identifier: Apache-2.0
#include "fhir/search_parameters.hpp"

#include <algorithm>

namespace ward::fhir {

namespace {

using ByType = std::vector<std::vector<const SearchParameter*>>;

// R4, resource.html: Bundle, Binary and Parameters are Resources but not DomainResources.
bool inherits(ResourceType type, std::string_view base) {
    if (base == "Resource") return true;
    return base == "DomainResource" && type != ResourceType::bundle && type != ResourceType::binary &&
           type != ResourceType::parameters;
}

const ByType& by_type() {
    static const auto table = [] {
        ByType types(resource_types().size() + 1);
        for (const auto& parameter : search_parameters())
            for (const auto type : resource_types())
                if (parameter.base == name_of(type) || inherits(type, parameter.base))
                    types[number_of(type)].push_back(&parameter);
        return types;
    }();
    return table;
}

}   // namespace

std::string_view name_of(SearchType type) {
    switch (type) {
        case SearchType::token: return "token";
        case SearchType::string: return "string";
        case SearchType::date: return "date";
        case SearchType::reference: return "reference";
        case SearchType::number: return "number";
        case SearchType::quantity: return "quantity";
        case SearchType::uri: return "uri";
        case SearchType::composite: return "composite";
        case SearchType::special: return "special";
    }
    return "special";
}

std::span<const SearchParameter* const> search_parameters(ResourceType type) {
    return by_type()[number_of(type)];
}

const SearchParameter* search_parameter(ResourceType type, std::string_view code) {
    const auto parameters = search_parameters(type);
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto* parameter) { return parameter->code == code; });
    return found == parameters.end() ? nullptr : *found;
}

std::vector<Component> components_of(ResourceType type, const SearchParameter& parameter) {
    std::vector<Component> components;
    for (auto rest = parameter.components; !rest.empty();) {
        const auto part = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        const auto colon = part.find(':');
        components.push_back({search_parameter(type, part.substr(0, colon)), part.substr(colon + 1)});
    }
    return components;
}

bool is_supported(const SearchParameter& parameter) {
    return parameter.type != SearchType::special && !parameter.expression.empty();
}

bool may_target(const SearchParameter& parameter, std::string_view type) {
    if (parameter.targets == "*") return true;
    std::string_view rest = parameter.targets;
    while (!rest.empty()) {
        const auto name = rest.substr(0, rest.find(' '));
        if (name == type) return true;
        rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    }
    return false;
}

}   // namespace ward::fhir
