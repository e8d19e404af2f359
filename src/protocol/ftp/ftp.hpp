// SPDX-License-Identifier: Apache-2.0
// FTP's control connection: RFC 959, with EPSV (RFC 2428) and AUTH (RFC 4217).
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::ftp {

struct Limits {
    std::size_t unanswered_max = 16;   // commands; the oldest is told without reply
    std::size_t codes_max = 8;         // of one command
};
inline constexpr Limits limits;

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::ftp
