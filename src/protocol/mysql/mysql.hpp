// SPDX-License-Identifier: Apache-2.0
// MySQL's and MariaDB's protocol (MySQL Internals, "Connection Phase"): the beginning.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::mysql {

struct Limits {
    std::size_t packet_bytes_max = std::size_t{4} << 10;   // of a beginning
    std::size_t text_max = 64;
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::mysql
