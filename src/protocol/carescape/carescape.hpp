// SPDX-License-Identifier: Apache-2.0
// GE's CARESCAPE network, once Unity: monitors and central stations broadcast who they are.
//
// GE does not publish it. Certain is what Vocera's manual of its CARESCAPE adapter says: time messages (UDP
// 2000) have 64 bytes, with the node's address in bytes 7 to 10, "unit|room" in 25 to 37 and the seconds
// since 1900 in 61 to 64; discovery ("RWHAT") is broadcast to UDP 7000. The layout of the latter was not
// found, so its location is looked for by its form, nothing else of it is read, and both need their port.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::carescape {

Verdict probe_time(Bytes first, Side from);
Verdict probe_discovery(Bytes first, Side from);
std::unique_ptr<Session> open_time_session();
std::unique_ptr<Session> open_discovery_session();

}   // namespace ward::protocol::carescape
