// SPDX-License-Identifier: Apache-2.0
// One pure function for each kind of event: what it says of client and server. Who is not heard says nothing.
#pragma once

#include "devices/statements.hpp"
#include "event/astm.hpp"
#include "event/bacnet.hpp"
#include "event/carescape.hpp"
#include "event/dcerpc.hpp"
#include "event/dhcp.hpp"
#include "event/dicom.hpp"
#include "event/dns.hpp"
#include "event/fhir.hpp"
#include "event/flow.hpp"
#include "event/ftp.hpp"
#include "event/hl7.hpp"
#include "event/http.hpp"
#include "event/intellivue.hpp"
#include "event/krb5.hpp"
#include "event/ldap.hpp"
#include "event/mdns.hpp"
#include "event/modbus.hpp"
#include "event/nbns.hpp"
#include "event/poct1a.hpp"
#include "event/sip.hpp"
#include "event/smb.hpp"
#include "event/smtp.hpp"
#include "event/snmp.hpp"
#include "event/ssdp.hpp"
#include "event/ssh.hpp"
#include "event/syslog.hpp"
#include "event/tls.hpp"
#include "event/wsd.hpp"

namespace ward::devices {

using event::Conversation;
using event::Side;

/// Who speaks from the port, of a message that began a conversation by itself: a DHCP server's offer does.
std::optional<Side> speaker_at(std::uint16_t port, const Conversation& between);

// from_dicom.cpp
void from(const event::DicomAssociation& association, const Conversation& between, Statements& out);
void from(const event::DicomOperation& operation, const Conversation& between, Statements& out);

// from_hl7.cpp
void from(const event::Hl7Message& message, const Conversation& between, Statements& out);

// from_bedside.cpp
void from(const event::Fhir& interaction, const Conversation& between, Statements& out);
void from(const event::AstmTransmission& transmission, const Conversation& between, Statements& out);
void from(const event::Poct1aMessage& message, const Conversation& between, Statements& out);
void from(const event::IntellivueMonitor& monitor, const Conversation& between, Statements& out);
void from(const event::IntellivueExport& collected, const Conversation& between, Statements& out);
void from(const event::Sdc& announced, const Conversation& between, Statements& out);
void from(const event::Carescape& announced, const Conversation& between, Statements& out);

// from_network.cpp
void from(const event::Flow& flow, const Conversation& between, Statements& out);
void from(const event::Dhcp& message, const Conversation& between, Statements& out);
void from(const event::Dhcpv6& message, const Conversation& between, Statements& out);
void from(const event::Snmp& exchange, const Conversation& between, Statements& out);
void from(const event::Dns& lookup, const Conversation& between, Statements& out);

// from_announcements.cpp
void from(const event::Mdns& message, const Conversation& between, Statements& out);
void from(const event::Ssdp& message, const Conversation& between, Statements& out);
/// The device, if it is one that speaks.
std::optional<Side> announcer(const event::Wsd& message, const Conversation& between);
void from(const event::Wsd& message, const Conversation& between, Statements& out);
void from(const event::Nbns& message, const Conversation& between, Statements& out);

// from_windows.cpp
void from(const event::Smb& exchange, const Conversation& between, Statements& out);
void from(const event::Dcerpc& call, const Conversation& between, Statements& out);
void from(const event::Ldap& operation, const Conversation& between, Statements& out);
void from(const event::Krb5& exchange, const Conversation& between, Statements& out);

// from_services.cpp
void from(const event::Http& exchange, const Conversation& between, Statements& out);
void from(const event::TlsHandshake& handshake, const Conversation& between, Statements& out);
void from(const event::Ssh& introduction, const Conversation& between, Statements& out);
void from(const event::Ftp& command, const Conversation& between, Statements& out);
void from(const event::Smtp& mail, const Conversation& between, Statements& out);
void from(const event::Sip& exchange, const Conversation& between, Statements& out);
void from(const event::SyslogMessage& message, const Conversation& between, Statements& out);
void from(const event::AtnaAudit& audit, const Conversation& between, Statements& out);

// from_building.cpp
void from(const event::Bacnet& exchange, const Conversation& between, Statements& out);
void from(const event::Modbus& exchange, const Conversation& between, Statements& out);

}   // namespace ward::devices
