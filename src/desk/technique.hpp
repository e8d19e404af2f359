// SPDX-License-Identifier: Apache-2.0
// Where in an attack a technique belongs.
#pragma once

#include <string_view>

namespace ward::desk {

/// The tactic of MITRE ATT&CK (Enterprise v15, and ICS v15 for T08xx) that Ward's findings mean by that
/// technique; a subtechnique that is not listed has its technique's. Empty where it is not known.
std::string_view tactic_of(std::string_view technique);

}   // namespace ward::desk
