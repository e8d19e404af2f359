// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "protocol/session.hpp"
#include "protocol/syslog/syslog.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::syslog {
namespace {

constexpr std::size_t value_max = 100;
constexpr std::string_view blank = " \t\r\n";

/// The value of an attribute of the tag whose inside is `tag`.
std::string_view attribute(std::string_view tag, std::string_view name) {
    for (auto at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
        const bool begins = at > 0 && blank.find(tag[at - 1]) != std::string_view::npos;
        auto rest = trimmed(tag.substr(at + name.size()));
        if (!begins || !rest.starts_with('=')) continue;
        rest = trimmed(rest.substr(1));
        if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return {};
        auto quoted = rest.substr(1);
        return take_until(quoted, rest[0]);
    }
    return {};
}

/// PS3.15, A.5.1 calls the attribute csd-code, RFC 3881 code.
std::string code(std::string_view tag) {
    const auto value = attribute(tag, "csd-code");
    return clipped(value.empty() ? attribute(tag, "code") : value, value_max);
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

void read_object(std::string_view tag, event::AtnaAudit& audit, Output& out) {
    ++audit.participant_objects;
    // RFC 3881, 5.5.1 and 5.5.2: a person in the role of a patient.
    if (attribute(tag, "ParticipantObjectTypeCode") != "1") return;
    if (attribute(tag, "ParticipantObjectTypeCodeRole") != "1") return;
    ++audit.patients;
    ++out.patient_items;
    auto identifier = attribute(tag, "ParticipantObjectID");
    identifier = trimmed(take_until(identifier, '^'));   // HL7's CX: the rest is who assigned it
    if (audit.patient.empty() && !identifier.empty()) audit.patient = out.pseudonym(identifier);
}

void read_tag(std::string_view name, std::string_view tag, event::AtnaAudit& audit, Output& out) {
    if (name == "EventIdentification") {
        audit.action = action(attribute(tag, "EventActionCode"));
        audit.outcome = outcome(attribute(tag, "EventOutcomeIndicator"));
    } else if (name == "EventID") {
        const auto text = attribute(tag, "originalText");   // of DICOM's form
        audit.event_code = code(tag);
        audit.event_name = clipped(text.empty() ? attribute(tag, "displayName") : text, value_max);
    } else if (name == "EventTypeCode") {
        if (audit.type_code.empty()) audit.type_code = code(tag);
    } else if (name == "ActiveParticipant") {
        ++audit.active_participants;
        const auto point = attribute(tag, "NetworkAccessPointID").substr(0, value_max);
        auto& points = audit.access_points;
        const bool known = std::ranges::find(points, point) != points.end();
        if (!point.empty() && !known && points.size() < limits.access_points_max) points.emplace_back(point);
    } else if (name == "AuditSourceIdentification") {
        audit.source_id = clipped(attribute(tag, "AuditSourceID"), value_max);
        audit.site_id = clipped(attribute(tag, "AuditEnterpriseSiteID"), value_max);
    } else if (name == "ParticipantObjectIdentification") {
        read_object(tag, audit, out);
    } else if (name == "ParticipantObjectName" && audit.patients > 0) {
        ++out.patient_items;
    }
}

}   // namespace

std::optional<event::AtnaAudit> read_audit(std::string_view text, Output& out) {
    const auto begin = text.find("<AuditMessage");
    if (begin == std::string_view::npos) return std::nullopt;
    event::AtnaAudit audit;
    for (auto at = begin; at != std::string_view::npos; at = text.find('<', at + 1)) {
        const auto end = text.find('>', at);
        if (end == std::string_view::npos) break;
        auto tag = text.substr(at + 1, end - at - 1);
        if (tag.ends_with('/')) tag.remove_suffix(1);
        read_tag(tag.substr(0, tag.find_first_of(blank)), tag, audit, out);
    }
    return audit;
}

}   // namespace ward::protocol::syslog
