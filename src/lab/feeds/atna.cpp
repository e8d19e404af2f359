// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/bytes.hpp"
#include "core/clock.hpp"
#include "lab/feeds/audit.hpp"
#include "lab/feeds/audit_terms.hpp"

namespace ward::lab {
namespace {

std::string xml_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string coded(std::string_view element, std::string_view code, std::string_view name) {
    return fmt::format(R"(<{} csd-code="{}" codeSystemName="DCM" originalText="{}"/>)", element, code, name);
}

/// Who did it, and at which machine.
std::string participants(const Act& act, const Story& story, DeviceId workstation) {
    const auto& member = story.hospital().at(*act.by);
    const auto& person = story.hospital().town.at(member.person);
    const auto& machine = story.network().at(workstation);
    return fmt::format(
        R"(<ActiveParticipant UserID="{}" UserName="{} {}" UserIsRequestor="true" NetworkAccessPointID="{}" )"
        R"(NetworkAccessPointTypeCode="2"><RoleIDCode csd-code="{}" codeSystemName="Ashmere" )"
        R"(originalText="{}"/>)"
        R"(</ActiveParticipant><ActiveParticipant UserID="EHR" UserIsRequestor="false" )"
        R"(NetworkAccessPointID="{}.{}" NetworkAccessPointTypeCode="1">{}</ActiveParticipant>)",
        member.login, xml_text(person.given.latin), xml_text(person.family.latin), to_text(machine.address),
        static_cast<int>(member.role), name_of(member.role), "ehr", story.network().domain,
        coded("RoleIDCode", "110152", "Destination"));
}

std::string source() {
    return R"(<AuditSourceIdentification AuditSourceID="EHR" AuditEnterpriseSiteID="ASHMERE">)"
           R"(<AuditSourceTypeCode csd-code="4" codeSystemName="DCM" )"
           R"(originalText="Application Server Process"/>)"
           R"(</AuditSourceIdentification>)";
}

std::string detail(std::string_view type, std::string_view value) {
    return fmt::format(R"(<ParticipantObjectDetail type="{}" value="{}"/>)", type,
                       to_base64(as_bytes(value)));
}

std::string patient_object(const Act& act, const Story& story, const ChartOpened& what) {
    const auto& patient = story.at(what.patient);
    const auto& person = story.person_of(what.patient);
    auto xml = fmt::format(
        R"(<ParticipantObjectIdentification ParticipantObjectID="{}^^^&amp;{}&amp;ISO" )"
        R"(ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1">)"
        R"(<ParticipantObjectIDTypeCode csd-code="2" codeSystemName="RFC-3881" )"
        R"(originalText="Patient Number"/><ParticipantObjectName>{} {}</ParticipantObjectName>)",
        patient.mrn, story.hospital().oid, xml_text(person.given.latin), xml_text(person.family.latin));
    xml += detail("EventNumber", std::to_string(act.number)) + detail("Screen", screen_name(what.screen));
    if (what.encounter) xml += detail("Visit", story.at(*what.encounter).number);
    if (!what.reason.empty()) xml += detail("BreakGlassReason", what.reason);
    return xml + "</ParticipantObjectIdentification>";
}

std::string event_of(const Act& act, char action, int outcome, std::string_view more) {
    return fmt::format(R"(<EventIdentification EventActionCode="{}" EventDateTime="{}" )"
                       R"(EventOutcomeIndicator="{}">{}</EventIdentification>)",
                       action, instant(act.at), outcome, more);
}

std::string xml_of(const Act& act, const Story& story, const ChartOpened& what) {
    const auto is_export = what.doing == Doing::print || what.doing == Doing::export_chart;
    auto more = is_export                     ? coded("EventID", "110106", "Export")
                : what.doing == Doing::search ? coded("EventID", "110112", "Query")
                                              : coded("EventID", "110110", "Patient Record");
    more += fmt::format(
        R"(<PurposeOfUse csd-code="{0}" codeSystemName="2.16.840.1.113883.5.8" originalText="{0}"/>)",
        purpose_code(what.purpose));
    return event_of(act, action_code(what.doing), what.is_refused ? 8 : 0, more) +
           participants(act, story, what.workstation) + source() + patient_object(act, story, what);
}

std::string xml_of(const Act& act, const Story& story, const SessionChanged& what) {
    const auto session = session_of(what);
    const auto more = coded("EventID", "110114", "User Authentication") +
                      (session.is_end ? coded("EventTypeCode", "110123", "Logout")
                                      : coded("EventTypeCode", "110122", "Login"));
    return event_of(act, 'E', session.is_refused ? 4 : 0, more) + participants(act, story, what.workstation) +
           source();
}

std::string syslog_with(const Act& act, const Story& story, int priority, std::string_view message_id) {
    return fmt::format("<{}>1 {} ehr.{} EHR 2104 {} - \xef\xbb\xbf{}", priority, instant(act.at),
                       story.network().domain, message_id, atna_xml(act, story));
}

}   // namespace

std::string instant(Moment moment) {
    return to_instant(std::chrono::floor<std::chrono::milliseconds>(moment));
}

DeviceId sender_of_entry(const Act& act, const Story& story) {
    if (const auto* broken = std::get_if<EntryBroken>(&act.what)) return broken->workstation;
    const auto site = act.by ? story.hospital().at(story.hospital().at(*act.by).home).site : 0;
    return story.network().one_of(DeviceKind::ehr_server, site);
}

bool is_audited(const Act& act) {
    return std::holds_alternative<ChartOpened>(act.what) || std::holds_alternative<SessionChanged>(act.what);
}

std::string atna_xml(const Act& act, const Story& story) {
    const auto* opened = std::get_if<ChartOpened>(&act.what);
    const auto inner = opened != nullptr ? xml_of(act, story, *opened)
                                         : xml_of(act, story, std::get<SessionChanged>(act.what));
    return R"(<?xml version="1.0" encoding="UTF-8"?><AuditMessage>)" + inner + "</AuditMessage>";
}

std::string atna_syslog(const Act& act, const Story& story) {
    return syslog_with(act, story, 85, "IHE+RFC-3881");
}

std::string atna_frame(const Act& act, const Story& story, AtnaFault fault) {
    switch (fault) {
        case AtnaFault::no_framing: return atna_syslog(act, story) + "\n";
        case AtnaFault::wrong_message_id: {
            const auto message = syslog_with(act, story, 85, "AUDIT");
            return fmt::format("{} {}", message.size(), message);
        }
        case AtnaFault::wrong_priority: {
            const auto message = syslog_with(act, story, 13, "IHE+RFC-3881");
            return fmt::format("{} {}", message.size(), message);
        }
        case AtnaFault::none: break;
    }
    const auto message = atna_syslog(act, story);
    return fmt::format("{} {}", message.size(), message);
}

}   // namespace ward::lab
