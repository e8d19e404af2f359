// SPDX-License-Identifier: Apache-2.0
// BACnet over UDP (ANSI/ASHRAE 135, annex J): virtual link, network layer and application layer.
#pragma once

#include <memory>

#include "event/bacnet.hpp"
#include "protocol/protocols.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::bacnet {

struct Limits {
    std::size_t unanswered_max = 16;   // the oldest is told so
    std::size_t value_max = 64;
};

enum class Role : std::uint8_t { alone, request, answer, fragment };

struct Message {
    Role role = Role::alone;
    std::uint8_t invoke_id = 0;
    bool length_differs = false;   // the link header speaks of more or fewer bytes than came
    event::Bacnet told;
};

Decode<Message> decode(Bytes datagram);

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::bacnet
