// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's protocol, version 3 (its manual, chapter "Frontend/Backend Protocol"): the beginning.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::postgres {

struct Limits {
    std::size_t message_bytes_max = std::size_t{4} << 10;   // of a beginning
    std::size_t text_max = 64;
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::postgres
