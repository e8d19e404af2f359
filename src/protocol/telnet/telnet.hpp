// SPDX-License-Identifier: Apache-2.0
// Telnet (RFC 854, RFC 855): the options that both sides negotiate give it away.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::telnet {

struct Limits {
    std::size_t banner_max = 256;
    std::size_t options_max = 24;
    std::size_t read_max = 4096;   // of each side: the prompts stand in the first bytes
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::telnet
