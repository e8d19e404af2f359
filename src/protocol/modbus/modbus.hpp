// SPDX-License-Identifier: Apache-2.0
// Modbus over TCP (Modbus Messaging on TCP/IP 1.0b; Modbus Application Protocol 1.1b3).
#pragma once

#include <memory>

#include "protocol/protocols.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::modbus {

struct Limits {
    std::size_t frame_bytes_max = 260;   // Messaging on TCP/IP, 4.1
    std::size_t unanswered_max = 32;     // the oldest is told so
    std::size_t text_max = 64;
};

struct Adu {
    std::uint16_t transaction = 0;
    std::uint8_t unit = 0;
    std::uint8_t function = 0;
    Bytes content;   // borrows the input
};

Decode<Adu> decode(Bytes input) noexcept;

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::modbus
