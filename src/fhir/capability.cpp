// SPDX-License-Identifier: Apache-2.0
#include "fhir/capability.hpp"

#include <array>
#include <string>
#include <vector>

#include "fhir/search_parameters.hpp"
#include "json/writer.hpp"

namespace ward::fhir {

namespace {

using json::Writer;

void write_interactions(Writer& writer, std::span<const std::string_view> codes) {
    writer.key("interaction").begin_array();
    for (const auto code : codes) writer.begin_object().member("code", code).end_object();
    writer.end_array();
}

void write_search_parameters(Writer& writer, ResourceType type) {
    writer.key("searchParam").begin_array();
    for (const auto* parameter : search_parameters(type)) {
        if (!is_supported(*parameter)) continue;
        writer.begin_object().member("name", parameter->code).member("type", name_of(parameter->type));
        writer.end_object();
    }
    writer.end_array();
}

// What lies in charts is looked for in the charts in which a match lies, so not for what lies in none.
bool may_start_from(const SearchParameter& parameter, ResourceType type) {
    if (!is_supported(parameter) || !may_target(parameter, name_of(type))) return false;
    const auto source = resource_type(parameter.base);
    return source && (in_patient_compartment(type) || !in_patient_compartment(*source));
}

// For each type, by its number; made once, because anybody may ask. References to anything are left out: they
// would make each list long and say little.
const std::vector<std::vector<std::string>>& reverse_includes() {
    static const auto table = [] {
        std::vector<std::vector<std::string>> by_number(resource_types().size() + 1);
        for (const auto& parameter : search_parameters())
            for (const auto type : resource_types())
                if (parameter.targets != "*" && may_start_from(parameter, type))
                    by_number[number_of(type)].push_back(std::string{parameter.base} + ":" +
                                                         std::string{parameter.code});
        return by_number;
    }();
    return table;
}

// R4, search.html#include.
void write_includes(Writer& writer, ResourceType type) {
    writer.key("searchInclude").begin_array().string("*");
    for (const auto* parameter : search_parameters(type))
        if (is_supported(*parameter) && parameter->type == SearchType::reference)
            writer.string(std::string{name_of(type)} + ":" + std::string{parameter->code});
    writer.end_array().key("searchRevInclude").begin_array();
    for (const auto& name : reverse_includes()[number_of(type)]) writer.string(name);
    writer.end_array();
}

void write_operation(Writer& writer, std::string_view name, std::string_view definition) {
    writer.begin_object().member("name", name).member("definition", definition).end_object();
}

void write_resource_type(Writer& writer, ResourceType type) {
    std::vector<std::string_view> interactions{
        "read", "vread", "update", "patch", "delete", "history-instance", "create", "search-type"};
    if (has_type_history(type)) interactions.push_back("history-type");
    writer.begin_object().member("type", name_of(type));
    write_interactions(writer, interactions);
    writer.member("versioning", "versioned")
        .key("readHistory")
        .boolean(true)
        .key("updateCreate")
        .boolean(true);
    writer.key("conditionalCreate").boolean(true).key("conditionalUpdate").boolean(true);
    writer.member("conditionalDelete", "single");
    write_includes(writer, type);
    write_search_parameters(writer, type);
    writer.key("operation").begin_array();
    write_operation(writer, "validate", "http://hl7.org/fhir/OperationDefinition/Resource-validate");
    if (type == ResourceType::patient) {
        write_operation(writer, "everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything");
        write_operation(writer, "export",
                        "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export");
    }
    if (type == resource_type("Group"))
        write_operation(writer, "export", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export");
    writer.end_array().end_object();
}

}   // namespace

bool has_type_history(ResourceType type) {
    return !in_patient_compartment(type) || type == ResourceType::audit_event;
}

std::string capability_statement(const ServerView& server) {
    std::string out;
    Writer writer{out};
    writer.begin_object().member("resourceType", "CapabilityStatement").member("status", "active");
    writer.member("date", to_instant(server.date)).member("kind", "instance");
    writer.key("software").begin_object().member("name", "Ward").member("version", server.software_version);
    writer.end_object();
    writer.key("implementation").begin_object().member("description", "Ward");
    writer.member_unless_empty("url", server.base_url).end_object();
    writer.member("fhirVersion", "4.0.1").key("format").begin_array().string("application/fhir+json");
    writer.string("json").end_array();
    writer.key("patchFormat").begin_array().string("application/json-patch+json").end_array();
    writer.key("rest").begin_array().begin_object().member("mode", "server");
    writer.key("security")
        .begin_object()
        .member("description", "OAuth 2 bearer tokens with SMART on FHIR scopes");
    writer.end_object();
    writer.key("resource").begin_array();
    for (const auto type : resource_types()) write_resource_type(writer, type);
    writer.end_array();
    constexpr auto interactions = std::to_array<std::string_view>({"transaction", "batch"});
    write_interactions(writer, interactions);
    writer.key("operation").begin_array();
    write_operation(writer, "export", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export");
    writer.end_array();
    writer.end_object().end_array().end_object();
    return out;
}

}   // namespace ward::fhir
