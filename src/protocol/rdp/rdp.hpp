// SPDX-License-Identifier: Apache-2.0
// The Remote Desktop Protocol (MS-RDPBCGR): its negotiation, and what follows until it is encrypted.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::rdp {

struct Limits {
    std::size_t packet_bytes_max = std::size_t{16} << 10;   // those of a beginning have under 2 KiB
    std::size_t channels_max = 31;                          // MS-RDPBCGR, section 2.2.1.3.4
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::rdp
