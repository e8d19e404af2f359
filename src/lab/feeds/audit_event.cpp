// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "json/writer.hpp"
#include "lab/feeds/audit.hpp"
#include "lab/feeds/audit_terms.hpp"

namespace ward::lab {
namespace {

void coding(json::Writer& writer, std::string_view name, std::string_view system, std::string_view code) {
    writer.key(name).begin_object().member("system", system).member("code", code).end_object();
}

void concept_of(json::Writer& writer, std::string_view system, std::string_view code) {
    writer.begin_object().key("coding").begin_array().begin_object();
    writer.member("system", system).member("code", code).end_object().end_array().end_object();
}

void agent(json::Writer& writer, const Act& act, const Story& story, DeviceId workstation) {
    const auto& member = story.hospital().at(*act.by);
    const auto& person = story.hospital().town.at(member.person);
    writer.key("agent").begin_array().begin_object().key("role").begin_array();
    writer.begin_object().member("text", name_of(member.role)).end_object().end_array();
    writer.key("who").begin_object().key("identifier").begin_object().member("value", member.number);
    writer.end_object()
        .member("display", fmt::format("{} {}", person.given.latin, person.family.latin))
        .end_object();
    writer.member("altId", member.login).key("requestor").boolean(true);
    writer.key("network").begin_object().member("address", to_text(story.network().at(workstation).address));
    writer.member("type", "2").end_object().end_object().end_array();
}

void patient(json::Writer& writer, const Act&, const Story& story, const ChartOpened& what) {
    const auto& one = story.at(what.patient);
    const auto& person = story.person_of(what.patient);
    writer.key("entity")
        .begin_array()
        .begin_object()
        .key("what")
        .begin_object()
        .key("identifier")
        .begin_object();
    writer.member("system", "urn:oid:" + story.hospital().oid).member("value", one.mrn).end_object();
    writer.member("display", fmt::format("{} {}", person.given.latin, person.family.latin)).end_object();
    coding(writer, "type", "http://terminology.hl7.org/CodeSystem/audit-entity-type", "1");
    coding(writer, "role", "http://terminology.hl7.org/CodeSystem/object-role", "1");
    writer.key("detail").begin_array();
    const auto detail = [&](std::string_view type, std::string_view value) {
        writer.begin_object().member("type", type).member("valueString", value).end_object();
    };
    detail("Screen", screen_name(what.screen));
    detail("Action", doing_name(what.doing));
    if (what.encounter) detail("Visit", story.at(*what.encounter).number);
    if (!what.reason.empty()) detail("BreakGlassReason", what.reason);
    writer.end_array().end_object().end_array();
}

}   // namespace

std::string audit_event_json(const Act& act, const Story& story) {
    constexpr std::string_view dicom = "http://dicom.nema.org/resources/ontology/DCM";
    const auto* opened = std::get_if<ChartOpened>(&act.what);
    const auto* session = std::get_if<SessionChanged>(&act.what);
    std::string json;
    json::Writer writer{json};
    writer.begin_object().member("resourceType", "AuditEvent").member("id", fmt::format("a{}", act.number));
    coding(writer, "type", dicom, opened != nullptr ? "110110" : "110114");
    if (opened != nullptr) {
        writer.member("action", std::string_view{std::array{action_code(opened->doing)}.data(), 1});
        writer.member("recorded", instant(act.at)).member("outcome", opened->is_refused ? "8" : "0");
        writer.key("purposeOfEvent").begin_array();
        concept_of(writer, "http://terminology.hl7.org/CodeSystem/v3-ActReason",
                   purpose_code(opened->purpose));
        writer.end_array();
    } else {
        writer.key("subtype").begin_array().begin_object().member("system", dicom);
        writer.member("code", session_of(*session).is_end ? "110123" : "110122").end_object().end_array();
        writer.member("action", "E").member("recorded", instant(act.at));
        writer.member("outcome", session_of(*session).is_refused ? "4" : "0");
    }
    agent(writer, act, story, opened != nullptr ? opened->workstation : session->workstation);
    writer.key("source").begin_object().member("site", "ASHMERE").key("observer").begin_object();
    writer.member("display", "EHR").end_object().end_object();
    if (opened != nullptr) patient(writer, act, story, *opened);
    writer.end_object();
    return json;
}

}   // namespace ward::lab
