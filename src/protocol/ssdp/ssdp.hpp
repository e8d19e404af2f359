// SPDX-License-Identifier: Apache-2.0
// SSDP: UPnP Device Architecture 2.0, section 1. Every datagram is a message.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::ssdp {

inline constexpr std::size_t lines_max = 64;   // of one message

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::ssdp
