// SPDX-License-Identifier: Apache-2.0
#include "fhir/capability.hpp"

#include <array>

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

void write_resource_type(Writer& writer, ResourceType type) {
    constexpr auto interactions =
        std::to_array<std::string_view>({"read", "vread", "update", "patch", "delete", "history-instance",
                                         "history-type", "create", "search-type"});
    writer.begin_object().member("type", name_of(type));
    write_interactions(writer, interactions);
    writer.member("versioning", "versioned")
        .key("readHistory")
        .boolean(true)
        .key("updateCreate")
        .boolean(true);
    writer.key("conditionalCreate").boolean(true).key("conditionalUpdate").boolean(true);
    writer.member("conditionalDelete", "single");
    write_search_parameters(writer, type);
    if (type == ResourceType::patient) {
        writer.key("operation").begin_array().begin_object().member("name", "everything");
        writer.member("definition", "http://hl7.org/fhir/OperationDefinition/Patient-everything");
        writer.end_object().end_array();
    }
    writer.end_object();
}

}   // namespace

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
    writer.end_object().end_array().end_object();
    return out;
}

}   // namespace ward::fhir
