// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "protocol/session.hpp"
#include "protocol/syslog/syslog.hpp"
#include "protocol/xml_tags.hpp"

namespace ward::protocol::syslog {
namespace {

constexpr std::size_t value_max = 100;
/// PS3.15, A.5.1 calls the attribute csd-code, RFC 3881 code. Codes have numbers (110112, ITI-18, IHE0006),
/// and these are short.
std::string code(const XmlTag& tag) {
    constexpr std::ptrdiff_t digits_max = 6;
    auto value = tag.attribute("csd-code");
    if (value.empty()) value = tag.attribute("code");
    const auto digits = std::ranges::count_if(value, [](char c) { return c >= '0' && c <= '9'; });
    return std::string{digits > 0 && digits <= digits_max ? code_in(value) : std::string_view{}};
}

/// PS3.16, CID 400: its words for an event. The message's own may be somebody's.
std::string_view event_name(std::string_view code) {
    constexpr std::array<std::string_view, 15> names{"Application Activity",
                                                     "Audit Log Used",
                                                     "Begin Transferring DICOM Instances",
                                                     "DICOM Instances Accessed",
                                                     "DICOM Instances Transferred",
                                                     "DICOM Study Deleted",
                                                     "Export",
                                                     "Import",
                                                     "Network Entry",
                                                     "Order Record",
                                                     "Patient Record",
                                                     "Procedure Record",
                                                     "Query",
                                                     "Security Alert",
                                                     "User Authentication"};
    constexpr std::uint64_t first = 110100;
    const auto known = number(code);
    return known && *known >= first && *known - first < names.size() ? names[*known - first]
                                                                     : std::string_view{};
}

std::string_view action(std::string_view code) {
    if (code == "C") return "create";
    if (code == "R") return "read";
    if (code == "U") return "update";
    if (code == "D") return "delete";
    if (code == "E") return "execute";
    return {};
}

// RFC 3881, 5.1.4.
std::string_view outcome(std::string_view indicator) {
    if (indicator == "0") return "success";
    if (indicator == "4") return "minor failure";
    if (indicator == "8") return "serious failure";
    if (indicator == "12") return "major failure";
    return {};
}

/// An audit message while its tags pass by.
struct Reading {
    event::AtnaAudit audit;
    bool in_patient = false;   // the object is one
    std::uint32_t patient_items = 0;
};

void read_object(const XmlTag& tag, Reading& reading, const Output& out) {
    auto& audit = reading.audit;
    ++audit.participant_objects;
    // RFC 3881, 5.5.1 and 5.5.2: a person in the role of a patient.
    reading.in_patient = tag.attribute("ParticipantObjectTypeCode") == "1" &&
                         tag.attribute("ParticipantObjectTypeCodeRole") == "1";
    if (!reading.in_patient) return;
    ++audit.patients;
    ++reading.patient_items;
    auto identifier = tag.attribute("ParticipantObjectID");
    identifier = trimmed(take_until(identifier, '^'));   // HL7's CX: the rest is who assigned it
    if (audit.patient.empty() && !identifier.empty()) audit.patient = out.pseudonym(identifier);
}

/// RFC 3881, 5.3.2 and 5.3.3: 1 is a machine's name, 2 its address. Telephone numbers, mail addresses and
/// URIs are of people.
void read_access_point(const XmlTag& tag, event::AtnaAudit& audit) {
    const auto kind = tag.attribute("NetworkAccessPointTypeCode");
    const auto point = tag.attribute("NetworkAccessPointID").substr(0, value_max);
    auto& points = audit.access_points;
    if ((kind != "1" && kind != "2") || !is_machine(point) || points.size() >= limits.access_points_max)
        return;
    if (std::ranges::find(points, point) == points.end()) points.emplace_back(point);
}

void read_tag(const XmlTag& tag, Reading& reading, const Output& out) {
    auto& audit = reading.audit;
    if (tag.name == "EventIdentification") {
        audit.action = action(tag.attribute("EventActionCode"));
        audit.outcome = outcome(tag.attribute("EventOutcomeIndicator"));
    } else if (tag.name == "EventID") {
        audit.event_code = code(tag);
        audit.event_name = event_name(audit.event_code);
    } else if (tag.name == "EventTypeCode") {
        if (audit.type_code.empty()) audit.type_code = code(tag);
    } else if (tag.name == "ActiveParticipant") {
        ++audit.active_participants;
        read_access_point(tag, audit);
    } else if (tag.name == "AuditSourceIdentification") {
        audit.source_id = clipped(tag.attribute("AuditSourceID"), value_max);
        audit.site_id = clipped(tag.attribute("AuditEnterpriseSiteID"), value_max);
    } else if (tag.name == "ParticipantObjectIdentification") {
        read_object(tag, reading, out);
    } else if (tag.name == "ParticipantObjectName" && reading.in_patient) {
        ++reading.patient_items;
    }
}

}   // namespace

std::optional<event::AtnaAudit> read_audit(std::string_view text, Output& out) {
    const auto begin = text.find("<AuditMessage");
    if (begin == std::string_view::npos) return std::nullopt;
    Reading reading;
    XmlTags tags{text.substr(begin)};
    while (const auto tag = tags.next())
        if (tag->kind != XmlTag::Kind::end) read_tag(*tag, reading, out);
    out.exposed(reading.patient_items);
    return std::move(reading.audit);
}

}   // namespace ward::protocol::syslog
