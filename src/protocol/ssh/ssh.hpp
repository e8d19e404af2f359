// SPDX-License-Identifier: Apache-2.0
// SSH (RFC 4253): banners and the algorithms that are offered. All that follows is encrypted.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::ssh {

struct Limits {
    std::size_t line_bytes_max = 1024;      // RFC 4253, section 4.2 allows 255 for the banner itself
    std::size_t lines_max = 64;             // that a server may send before it
    std::size_t packet_bytes_max = 35000;   // RFC 4253, section 6.1
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::ssh
