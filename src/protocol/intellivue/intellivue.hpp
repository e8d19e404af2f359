// SPDX-License-Identifier: Apache-2.0
// Philips IntelliVue: the Data Export Interface Programming Guide (4535 642 59271), chapters 4 and 5. Over
// UDP a monitor announces itself to port 24005 and serves its measurements at port 24105.
#pragma once

#include <memory>

#include "protocol/intellivue/messages.hpp"
#include "protocol/protocols.hpp"

namespace ward::protocol::intellivue {

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::intellivue
