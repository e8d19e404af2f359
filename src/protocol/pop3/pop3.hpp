// SPDX-License-Identifier: Apache-2.0
// POP3 (RFC 1939): who offers mailboxes, and whether a password crosses in clear.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::pop3 {

struct Limits {
    std::size_t capabilities_max = 32;
    std::size_t unanswered_max = 32;   // commands sent ahead; of more nothing is known
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::pop3
