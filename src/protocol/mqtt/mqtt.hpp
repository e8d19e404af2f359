// SPDX-License-Identifier: Apache-2.0
// MQTT 3.1, 3.1.1 and 5.0 (OASIS): gateways of pumps and of building sensors speak it.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::mqtt {

struct Limits {
    std::size_t head_bytes_max = std::size_t{4} << 10;   // of a packet; payloads are passed by
    std::size_t topics_max = 8;
    std::size_t topic_bytes_max = 128;
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::mqtt
