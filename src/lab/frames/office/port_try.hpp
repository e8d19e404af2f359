// SPDX-License-Identifier: Apache-2.0
// One try to reach a port, as those make it who take stock of machines, and those who spread.
#pragma once

#include "lab/frames/office/wires.hpp"

namespace ward::lab {

/// Returns when the client knows, or gives up.
Moment try_port(Wires& wires, const Device& client, const PortTried& tried, Moment at);

}   // namespace ward::lab
