// SPDX-License-Identifier: Apache-2.0
// SMTP: RFC 5321, with STARTTLS (RFC 3207), AUTH (RFC 4954) and BDAT (RFC 3030).
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::smtp {

struct Limits {
    std::size_t unanswered_max = 64;   // commands that were pipelined
    std::size_t parked_max = 8;        // mails without reply
    std::size_t domains_max = 16;      // of one mail's recipients
    std::size_t content_types_max = 16;
};
inline constexpr Limits limits;

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::smtp
