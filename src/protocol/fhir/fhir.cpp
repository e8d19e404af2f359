// SPDX-License-Identifier: Apache-2.0
#include "protocol/fhir/fhir.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "fhir/resource_types.hpp"
#include "protocol/fhir/body.hpp"
#include "protocol/http/path.hpp"
#include "protocol/http/target.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::fhir {
namespace {

// What R4B and R5 have beside the types of R4, and a hospital's systems exchange. Sorted, for binary search.
constexpr std::array<std::string_view, 16> later_types{
    "BiologicallyDerivedProductDispense",
    "DeviceAssociation",
    "DeviceDispense",
    "DeviceUsage",
    "EncounterHistory",
    "FormularyItem",
    "GenomicStudy",
    "ImagingSelection",
    "InventoryItem",
    "InventoryReport",
    "MedicationUsage",
    "NutritionIntake",
    "NutritionProduct",
    "RequestOrchestration",
    "SubscriptionStatus",
    "SubscriptionTopic",
};
static_assert(std::ranges::is_sorted(later_types));

// Words that URLs of other applications begin with as well; media types have to agree.
constexpr std::array<std::string_view, 20> everyday_words{
    "Account", "Basic",   "Contract", "Device",   "Evidence",  "Flag",     "Goal",
    "Group",   "Invoice", "Library",  "Linkage",  "List",      "Location", "Measure",
    "Media",   "Person",  "Slot",     "Schedule", "Substance", "Task",
};

/// The path's segments, of which a FHIR path has few.
std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> segments;
    while (!path.empty() && segments.size() < 16)
        if (const auto segment = take_until(path, '/'); !segment.empty()) segments.push_back(segment);
    return segments;
}

bool begins_interaction(std::string_view segment) {
    return is_resource_type(segment) || segment == "metadata" || segment == "_history" ||
           segment == "_search" || (segment.size() > 1 && segment.front() == '$');
}

/// FHIR R4, http.html: the interaction that acts on a whole system or type, or creates.
std::string_view of_collection(std::string_view method, bool has_type) {
    if (method == "GET" || method == "HEAD") return has_type ? "search-type" : "search-system";
    if (method == "POST") return has_type ? "create" : "";
    if (method == "PUT") return "update";   // the conditional ones
    if (method == "PATCH") return "patch";
    return method == "DELETE" ? "delete" : "";
}

std::string_view of_instance(std::string_view method) {
    if (method == "GET" || method == "HEAD") return "read";
    if (method == "PUT") return "update";
    if (method == "PATCH") return "patch";
    return method == "DELETE" ? "delete" : "";
}

void name_patient(std::string_view identifier, const Output& out, Draft& draft) {
    draft.names_patient = true;
    draft.event.patient = out.pseudonym(identifier);
}

/// `rest` is what follows the base: [type]/[id]/_history/[vid] and its beginnings.
void read_path(std::string_view method, std::vector<std::string_view> rest, const Output& out, Draft& draft) {
    auto& event = draft.event;
    if (rest.empty()) {
        event.interaction = of_collection(method, false);
        return;
    }
    if (rest.front() == "metadata") {
        event.interaction = "capabilities";
        return;
    }
    const bool has_type = is_resource_type(rest.front());
    bool has_id = false;
    if (has_type) {
        event.resource_type = clipped(rest.front(), 64);
        rest.erase(rest.begin());
        if (!rest.empty() && !begins_interaction(rest.front())) {
            has_id = true;
            if (event.resource_type == "Patient") name_patient(rest.front(), out, draft);
            rest.erase(rest.begin());
        }
    }
    if (rest.empty()) {
        event.interaction = has_id ? of_instance(method) : of_collection(method, has_type);
    } else if (rest.front() == "_history") {
        event.interaction = has_id ? "history-instance" : has_type ? "history-type" : "history-system";
        if (has_id && rest.size() > 1) event.interaction = "vread";
    } else if (rest.front() == "_search") {
        event.interaction = has_type ? "search-type" : "search-system";
    } else if (rest.front().front() == '$') {
        event.interaction = "operation";
        event.operation = http::path_template(rest.front(), 64);
    } else if (has_id && (is_resource_type(rest.front()) || rest.front() == "*")) {
        // FHIR R4, http.html#vsearch: Patient/[id]/Condition, and Patient/[id]/* for all types.
        event.interaction = "search-compartment";
        if (rest.front() != "*") event.resource_type = clipped(rest.front(), 64);
    }
}

/// A reference, a token (system|value) or an identifier, whatever names the patient.
std::string_view identifier_in(std::string_view value) {
    value = value.substr(0, value.find(','));
    value.remove_prefix(value.rfind('|') + 1);
    value.remove_prefix(value.rfind('/') + 1);
    return value;
}

bool is_patient(std::string_view parameter, std::string_view type) {
    constexpr std::array names{"patient",         "subject",     "patient.identifier", "subject:Patient",
                               "patient:Patient", "patient._id", "subject.identifier"};
    if (type == "Patient" && (parameter == "_id" || parameter == "identifier")) return true;
    return std::ranges::find(names, parameter) != names.end();
}

void read_parameters(std::string_view query, const Output& out, Draft& draft) {
    auto& event = draft.event;
    while (!query.empty() && event.parameters.size() < limits.parameters_max) {
        auto value = take_until(query, '&');
        const auto has_value = value.find('=') != std::string_view::npos;
        const auto name = http::percent_decoded(take_until(value, '='), 64);
        // Without `=` it may be a value; so may what is no name.
        const bool named = has_value && http::is_parameter_name(name);
        event.parameters.push_back(named ? name : "*");
        if (!named || value.empty() || draft.names_patient || !is_patient(name, event.resource_type))
            continue;
        name_patient(identifier_in(http::percent_decoded(value, 256)), out, draft);
    }
}

std::string path_before(const std::vector<std::string_view>& segments, std::size_t count) {
    std::string path;
    for (std::size_t i = 0; i < count; ++i) path.append("/").append(segments[i]);
    return http::path_template(path, field_text_max);
}

std::string_view format_of(std::string_view type) {
    if (type.find("json") != std::string_view::npos) return "json";
    return type.find("xml") != std::string_view::npos ? "xml" : "";
}

/// 4.0 of fhirVersion=4.0 (FHIR R4, http.html#version-parameter).
std::string version_in(std::string_view text) {
    return clipped(text.substr(0, text.find_first_not_of("0123456789.")), 8);
}

/// /fhir, /hapi-fhir, /r4: a base whose name says what is behind it.
bool names_fhir(std::string_view segment) {
    constexpr std::array<std::string_view, 6> versions{"r4", "r4b", "r5", "r6", "stu3", "dstu2"};
    const auto name = lowered(segment.substr(segment.size() - std::min<std::size_t>(segment.size(), 8)));
    return name.ends_with("fhir") || std::ranges::find(versions, name) != versions.end();
}

/// Other applications have paths as FHIR has, but they answer with pages and images.
bool answers_as_fhir(const event::Http& http) {
    return !http.status || http.length.value_or(0) == 0 || !format_of(http.http_content_type).empty();
}

/// Returns how many of its elements identify a patient.
std::uint32_t read_asked(std::string_view asked, Draft& draft, const Output& out) {
    if (draft.form_has_parameters) read_parameters(asked, out, draft);
    const auto resource = read_resource(asked);
    if (resource.type.empty()) return 0;
    draft.evident = true;
    auto& event = draft.event;
    if (event.patient.empty() && !resource.patient.empty()) event.patient = out.pseudonym(resource.patient);
    // FHIR R4, http.html#transaction.
    if (draft.bundle_decides && resource.type == "Bundle")
        for (const std::string_view kind : {"batch", "transaction"})
            if (resource.bundle_type == kind) event.interaction = kind;
    if (event.resource_type.empty()) event.resource_type = resource.type;
    if (event.format.empty()) event.format = resource.format;
    return resource.patient_items;
}

std::uint32_t read_answered(std::string_view answered, Draft& draft) {
    auto resource = read_resource(answered);
    if (resource.type.empty()) return 0;
    draft.evident = true;
    auto& event = draft.event;
    event.operation_outcome = resource.type == "OperationOutcome";
    if (resource.type == "Bundle") event.entries = resource.entries;
    event.total = resource.total;
    if (!resource.fhir_version.empty()) event.fhir_version = resource.fhir_version;
    event.response_type = std::move(resource.type);
    if (event.format.empty()) event.format = resource.format;
    return resource.patient_items;
}

}   // namespace

bool is_resource_type(std::string_view segment) {
    return ward::fhir::resource_type(segment) || std::ranges::binary_search(later_types, segment);
}

bool is_media_type(std::string_view content_type) {
    return content_type.find("fhir+") != std::string_view::npos ||
           content_type.find("+fhir") != std::string_view::npos;
}

std::unique_ptr<Draft> read_request(std::string_view method, std::string_view path, std::string_view query,
                                    std::string_view content_type, std::string_view accept,
                                    const Output& out) {
    const auto segments = segments_of(path);
    const auto begin = std::ranges::find_if(segments, begins_interaction);
    const bool by_media_type = is_media_type(content_type) || is_media_type(accept);
    if (begin == segments.end() && !by_media_type) return nullptr;
    auto draft = std::make_unique<Draft>();
    const bool everyday =
        begin != segments.end() && std::ranges::find(everyday_words, *begin) != everyday_words.end();
    draft->by_path = begin != segments.end() && is_resource_type(*begin) && !everyday;
    const bool by_base =
        begin != segments.end() && begin != segments.begin() && names_fhir(*std::prev(begin));
    draft->evident =
        by_media_type || (by_base && draft->by_path) || path.find("/fhir/") != std::string_view::npos;
    draft->event.base = path_before(segments, static_cast<std::size_t>(begin - segments.begin()));
    read_path(method, {begin, segments.end()}, out, *draft);
    read_parameters(query, out, *draft);
    draft->event.format = format_of(is_media_type(content_type) ? content_type : accept);
    if (const auto version = content_type.find("fhirVersion="); version != std::string_view::npos)
        draft->event.fhir_version = version_in(content_type.substr(version + 12));
    draft->bundle_decides = begin == segments.end() && method == "POST";
    draft->form_has_parameters = method == "POST" && path.ends_with("_search");
    return draft;
}

std::optional<event::Fhir> finish(std::unique_ptr<Draft> draft, const event::Http& http,
                                  std::string_view asked, std::string_view answered, Output& out) {
    const auto mentions = [](std::string_view body) {
        return body.find("\"resourceType\"") != std::string_view::npos;
    };
    if (!draft) {
        if (!is_media_type(http.http_content_type) && !is_media_type(http.request_content_type) &&
            !mentions(asked) && !mentions(answered))
            return std::nullopt;
        draft = std::make_unique<Draft>();
        draft->bundle_decides = http.http_method == "POST";
    }
    draft->evident =
        draft->evident || is_media_type(http.http_content_type) || (draft->by_path && answers_as_fhir(http));
    const auto asked_items = read_asked(asked, *draft, out);
    const auto answered_items = read_answered(answered, *draft);
    if (!draft->evident) return std::nullopt;
    out.exposed(asked_items + (draft->names_patient ? 1U : 0U));
    out.exposed(answered_items);
    auto& event = draft->event;
    if (event.format.empty()) event.format = format_of(http.http_content_type);
    event.status = http.status;
    event.client = http.http_user_agent;
    event.server = http.server;
    event.authorization = std::ranges::any_of(
        http.credentials, [](const std::string& kind) { return kind != "cookie" && kind != "query"; });
    event.request_length = http.request_length;
    event.length = http.length;
    event.latency_us = http.latency_us;
    event.request_seen = http.request_seen;
    return std::move(event);
}

}   // namespace ward::protocol::fhir
