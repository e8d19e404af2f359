// SPDX-License-Identifier: Apache-2.0
// IMAP4rev1 (RFC 3501): who offers mailboxes, and whether a password crosses in clear.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::imap {

struct Limits {
    std::size_t capabilities_max = 32;
    std::size_t waiting_max = 16;   // commands whose tags are kept
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::imap
