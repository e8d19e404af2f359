// SPDX-License-Identifier: Apache-2.0
#include "fhir/glass_event.hpp"

#include "fhir/date.hpp"
#include "json/writer.hpp"

namespace ward::fhir {
namespace {

// DICOM PS3.16, CID 400 and 401: Security Alert, Emergency Override Started. A review has no code there.
constexpr std::string_view dicom = "http://dicom.nema.org/resources/ontology/DCM";
constexpr std::string_view started = "110127";
constexpr std::string_view ward_codes = "urn:ward:audit-event";
constexpr std::string_view reviewed = "emergency-override-review";

void coding(json::Writer& writer, std::string_view system, std::string_view code) {
    writer.begin_object().member("system", system).member("code", code).end_object();
}

void head(json::Writer& writer, std::string_view id, std::string_view subtype_system,
          std::string_view subtype, Time at) {
    const auto instant = to_instant(at);
    writer.begin_object().member("resourceType", "AuditEvent").member("id", id);
    writer.key("meta").begin_object().member("versionId", "1").member("lastUpdated", instant).end_object();
    writer.key("type");
    coding(writer, dicom, "110113");
    writer.key("subtype").begin_array();
    coding(writer, subtype_system, subtype);
    writer.end_array().member("action", "E");
}

void agents(json::Writer& writer, std::string_view user, std::string_view client, std::string_view address) {
    writer.key("agent").begin_array();
    writer.begin_object().key("who").begin_object().key("identifier").begin_object().member("value", user);
    writer.end_object().end_object().key("requestor").boolean(true).end_object();
    writer.begin_object().key("who").begin_object().key("identifier").begin_object().member("value", client);
    writer.end_object().end_object().key("requestor").boolean(false);
    if (!address.empty())
        writer.key("network").begin_object().member("address", address).member("type", "2").end_object();
    writer.end_object().end_array();
    writer.key("source").begin_object().key("observer").begin_object().member("display", "Ward").end_object();
    writer.end_object();
}

void patient_entity(json::Writer& writer, std::string_view patient) {
    writer.begin_object().key("what").begin_object();
    writer.member("reference", "Patient/" + std::string{patient}).end_object().key("role");
    coding(writer, "http://terminology.hl7.org/CodeSystem/object-role", "1");
    writer.end_object();
}

void detail(json::Writer& writer, std::string_view type, std::string_view value) {
    writer.begin_object().member("type", type).member("valueString", value).end_object();
}

bool has_subtype(json::Value resource, std::string_view system, std::string_view code) {
    if (resource["resourceType"].text() != "AuditEvent") return false;
    for (const auto subtype : resource["subtype"].items())
        if (subtype["system"].text() == system && subtype["code"].text() == code) return true;
    return false;
}

std::string detail_in(json::Value resource, std::string_view type) {
    for (const auto entity : resource["entity"].items())
        for (const auto one : entity["detail"].items())
            if (one["type"].text() == type) return std::string{one["valueString"].text()};
    return {};
}

std::string entity_of(json::Value resource, std::string_view prefix) {
    for (const auto entity : resource["entity"].items()) {
        const auto reference = entity["what"]["reference"].text();
        if (reference.starts_with(prefix)) return std::string{reference.substr(prefix.size())};
    }
    return {};
}

std::string agent_of(json::Value resource, bool requestor) {
    for (const auto agent : resource["agent"].items())
        if (agent["requestor"].boolean() == requestor)
            return std::string{agent["who"]["identifier"]["value"].text()};
    return {};
}

std::optional<Time> instant(std::string_view text) {
    const auto interval = parse_date(text);
    if (!interval) return std::nullopt;
    return Time{std::chrono::milliseconds{interval->lower}};
}

}   // namespace

std::string write_glass_event(const GlassEvent& event) {
    std::string out;
    json::Writer writer{out};
    head(writer, event.id, dicom, started, event.from);
    writer.key("period").begin_object().member("start", to_instant(event.from));
    writer.member("end", to_instant(event.until)).end_object();
    writer.member("recorded", to_instant(event.from)).member("outcome", "0");
    writer.key("purposeOfEvent").begin_array().begin_object().key("coding").begin_array();
    coding(writer, "http://terminology.hl7.org/CodeSystem/v3-ActReason", event.purpose);
    writer.end_array().end_object().end_array();
    agents(writer, event.user, event.client, event.address);
    writer.key("entity").begin_array();
    patient_entity(writer, event.patient);
    writer.begin_object().member("name", "emergency override").key("detail").begin_array();
    detail(writer, "reason", event.reason);
    detail(writer, "review-due", to_instant(event.review_due));
    writer.end_array().end_object().end_array().end_object();
    return out;
}

std::string write_glass_review(const GlassReview& review) {
    std::string out;
    json::Writer writer{out};
    head(writer, review.id, ward_codes, reviewed, review.at);
    writer.member("recorded", to_instant(review.at)).member("outcome", "0");
    agents(writer, review.user, review.client, {});
    writer.key("entity").begin_array();
    patient_entity(writer, review.patient);
    writer.begin_object().key("what").begin_object().member("reference", "AuditEvent/" + review.event);
    writer.end_object().key("detail").begin_array();
    detail(writer, "finding", review.finding);
    if (!review.note.empty()) detail(writer, "note", review.note);
    writer.end_array().end_object().end_array().end_object();
    return out;
}

std::optional<GlassEvent> read_glass_event(json::Value resource) {
    if (!has_subtype(resource, dicom, started)) return std::nullopt;
    const auto from = instant(resource["period"]["start"].text());
    const auto until = instant(resource["period"]["end"].text());
    const auto due = instant(detail_in(resource, "review-due"));
    if (!from || !until || !due) return std::nullopt;
    GlassEvent event;
    event.id = resource["id"].text();
    event.user = agent_of(resource, true);
    event.client = agent_of(resource, false);
    for (const auto agent : resource["agent"].items())
        if (const auto address = agent["network"]["address"]; address.exists())
            event.address = address.text();
    event.patient = entity_of(resource, "Patient/");
    for (const auto purpose : resource["purposeOfEvent"].items())
        for (const auto one : purpose["coding"].items()) event.purpose = one["code"].text();
    event.reason = detail_in(resource, "reason");
    event.from = *from;
    event.until = *until;
    event.review_due = *due;
    return event;
}

std::optional<GlassReview> read_glass_review(json::Value resource) {
    if (!has_subtype(resource, ward_codes, reviewed)) return std::nullopt;
    GlassReview review;
    review.id = resource["id"].text();
    review.event = entity_of(resource, "AuditEvent/");
    review.user = agent_of(resource, true);
    review.client = agent_of(resource, false);
    review.patient = entity_of(resource, "Patient/");
    review.finding = detail_in(resource, "finding");
    review.note = detail_in(resource, "note");
    review.at = instant(resource["recorded"].text()).value_or(Time{});
    return review;
}

}   // namespace ward::fhir
