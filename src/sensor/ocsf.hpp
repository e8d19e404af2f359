// SPDX-License-Identifier: Apache-2.0
// Events in the Open Cybersecurity Schema Framework, version 1.4.0, one object a line.
#pragma once

#include <string>

#include "event/event.hpp"

namespace ward::sensor {

/// Appends one line: flows, HTTP and DNS in their own classes, everything else as traffic. What the schema
/// has no place for is under `unmapped`, as EVE names it.
void append_ocsf(std::string& out, const event::Event& event);

}   // namespace ward::sensor
