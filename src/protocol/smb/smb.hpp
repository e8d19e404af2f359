// SPDX-License-Identifier: Apache-2.0
// SMB 1, 2 and 3 over NetBIOS sessions (port 139) and direct TCP (port 445): MS-CIFS, MS-SMB, MS-SMB2.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::smb {

struct Limits {
    std::size_t head_bytes_max = std::size_t{16} << 10;   // of a message; its content is streamed past
    std::size_t requests_max = 64;                        // unanswered; the oldest is told so
    std::size_t files_max = 64;                           // open at once; of the oldest the account is closed
    std::size_t pipes_max = 8;                            // whose calls are followed
    std::size_t trees_max = 32;
    std::size_t dialects_max = 16;
    std::size_t dialect_bytes_max = 32;
    std::size_t chained_max = 8;   // AndX commands in one SMB 1 message
};
inline constexpr Limits limits;

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::smb
