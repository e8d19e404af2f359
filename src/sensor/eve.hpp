// SPDX-License-Identifier: Apache-2.0
// Events as Suricata's EVE JSON, one object a line.
#pragma once

#include <string>

#include "event/event.hpp"

namespace ward::sensor {

/// IANA's name of an IP protocol as EVE spells it: TCP, UDP, ICMP, IPv6-ICMP, SCTP; else its number.
std::string protocol_name(std::uint8_t ip_protocol);

/// Appends one line. Unlike Suricata's, the source of every event is the client of its conversation.
void append_eve(std::string& out, const event::Event& event);

}   // namespace ward::sensor
