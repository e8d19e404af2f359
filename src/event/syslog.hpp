// SPDX-License-Identifier: Apache-2.0
// A log message that crossed the network, without its text, and an audit record in one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct SyslogMessage {
    static constexpr std::string_view event_type = "syslog";

    std::string_view facility;   // RFC 5424, 6.2.1, in the short words of syslog.conf
    std::string_view severity;
    std::string_view format;    // RFC 5424, RFC 3164, or other
    std::string_view framing;   // datagram, octet counting, or line
    std::string hostname;
    std::string appname;
    std::string procid;
    std::string msgid;
    Side from = Side::client;
    std::uint64_t size = 0;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("facility", facility);
        visit("severity", severity);
        visit("format", format);
        visit("framing", framing);
        visit("hostname", hostname);
        visit("appname", appname);
        visit("procid", procid);
        visit("msgid", msgid);
        visit("from", from);
        visit("size", size);
    }
};

/// IHE ITI TF-2, 3.20: an audit message of DICOM PS3.15, A.5, or of RFC 3881.
struct AtnaAudit {
    static constexpr std::string_view event_type = "atna";

    std::string event_code;        // EventID
    std::string_view event_name;   // DICOM's
    std::string type_code;         // the first EventTypeCode
    std::string_view action;       // create, read, update, delete, execute
    std::string_view outcome;      // success, minor failure, serious failure, major failure
    std::string source_id;         // AuditSourceID
    std::string site_id;           // AuditEnterpriseSiteID
    std::uint32_t active_participants = 0;
    std::vector<std::string> access_points;   // NetworkAccessPointID: machines
    std::uint32_t participant_objects = 0;
    std::uint32_t patients = 0;   // of those objects
    Pseudonym patient;            // the first

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("event_code", event_code);
        visit("event_name", event_name);
        visit("type_code", type_code);
        visit("action", action);
        visit("outcome", outcome);
        visit("source_id", source_id);
        visit("site_id", site_id);
        visit("active_participants", active_participants);
        visit("access_points", access_points);
        visit("participant_objects", participant_objects);
        visit("patients", patients);
        visit("patient", patient);
    }
};

}   // namespace ward::event
