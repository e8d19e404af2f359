// SPDX-License-Identifier: Apache-2.0
// Multicast DNS (RFC 6762): a message is an event by itself, since nobody in particular is asked.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::mdns {

struct Limits {
    std::size_t questions_max = 16;
    std::size_t services_max = 16;
    std::size_t records_max = 128;   // of one message that are looked at
    std::size_t texts_max = 16;      // of one service
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::mdns
