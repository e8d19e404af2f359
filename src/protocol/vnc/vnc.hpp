// SPDX-License-Identifier: Apache-2.0
// VNC's Remote Framebuffer protocol (RFC 6143): its beginning. Screens of workstations are shared with it.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::vnc {

struct Limits {
    std::size_t security_types_max = 16;
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::vnc
