// SPDX-License-Identifier: Apache-2.0
// WS-Discovery (OASIS 1.1, and the version of 2005) over UDP, and what DPWS devices say of themselves over
// HTTP. Medical devices do so as IEEE 11073-20701 has it.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::wsd {

struct Limits {
    std::size_t tags_max = 1024;   // of one message
    std::size_t list_max = 32;     // types, scopes, addresses
};
inline constexpr Limits limits;

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

/// Tells a SOAP message of WS-Discovery or DPWS metadata as `wsd`, or as `sdc` where the device is a medical
/// one. False where it is neither. `text` may end anywhere.
bool tell(std::string_view text, Output& out);

/// Tells a request that changes something at a medical device, with how it was answered. False where it is
/// none. Its values are not told.
bool tell_command(std::string_view asked, std::string_view answered, Output& out);

}   // namespace ward::protocol::wsd
