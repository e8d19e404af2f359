// SPDX-License-Identifier: Apache-2.0
// STUN and TURN (RFC 8489, RFC 8656) before a call. The flow may go on with DTLS, which takes over, or with
// media, which is counted.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::stun {

struct Limits {
    std::size_t methods_max = 8;
    std::size_t text_max = 64;   // of a name of software or a realm
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::stun
