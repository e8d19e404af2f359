// SPDX-License-Identifier: Apache-2.0
// The NetBIOS name service over UDP (RFC 1001 and RFC 1002).
#pragma once

#include <memory>
#include <string>

#include "protocol/protocols.hpp"

namespace ward::protocol::nbns {

struct Limits {
    std::size_t waiting_max = 64;
    std::size_t names_max = 16;   // of one machine
};

/// RFC 1001, section 14.1: 32 letters, each half a byte, as the name and the number of its service. Empty
/// where it is no such name.
std::string decoded_name(std::string_view encoded);

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::nbns
