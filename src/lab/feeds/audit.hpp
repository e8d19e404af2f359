// SPDX-License-Identifier: Apache-2.0
// What the record says of those who used it, in the three forms in which records tell it.
#pragma once

#include <optional>
#include <string>

#include "lab/story.hpp"

namespace ward::lab {

/// Whether it is something that an audit trail tells: who looked into a chart, who signed in.
bool is_audited(const Act& act);

/// The machine that sends an entry of the trail, one that is broken too: a site's record for the people
/// there.
DeviceId sender_of_entry(const Act& act, const Story& story);

/// IHE ATNA (ITI-20): the XML of DICOM PS3.15, A.5, without what carries it. `act` is audited, here and
/// below.
std::string atna_xml(const Act& act, const Story& story);

/// The same in a syslog message (RFC 5424), as IHE asks for it.
std::string atna_syslog(const Act& act, const Story& story);

/// How senders get it wrong. Framing is what stands around a message in a stream (RFC 5425: its length, a
/// blank).
enum class AtnaFault : std::uint8_t { none, no_framing, wrong_message_id, wrong_priority };
/// As it stands in a stream.
std::string atna_frame(const Act& act, const Story& story, AtnaFault fault);

/// As it stands in a stream when something broke it: of EntryBroken.
std::string atna_broken(const Act& act, const Story& story);

/// FHIR R4 AuditEvent, as IHE BALP profiles it; one line.
std::string audit_event_json(const Act& act, const Story& story);

/// A line of the table that records export; and its first line.
std::string access_csv_header();
std::string access_csv_row(const Act& act, const Story& story);

}   // namespace ward::lab
