// SPDX-License-Identifier: Apache-2.0
// Ethernet frames as the lab's machines send them: RFC 791, 9293 and 768, with right checksums.
#pragma once

#include <cstdint>

#include "core/bytes.hpp"
#include "lab/agenda.hpp"
#include "lab/network.hpp"

namespace ward::lab {

struct Frame {
    Moment at{};
    Buffer bytes;
    std::uint32_t label = 0;   // of the scenario's step that it belongs to; 0: of none
};

struct TcpHeader {
    std::uint16_t source_port = 0;
    std::uint16_t target_port = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
    std::uint8_t flags = 0;
    std::uint16_t window = 0;
    std::uint16_t mss = 0;   // the option of a SYN; 0: none
};

namespace tcp_flag {
constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16;
}

/// What goes from one machine to another, over routers that take one of its lives where the VLAN is another.
struct Route {
    Mac source_mac{};
    Mac target_mac{};
    Address source = 0;
    Address target = 0;
    std::uint8_t time_to_live = 64;
};

Buffer tcp_frame(const Route& route, std::uint16_t ip_id, const TcpHeader& header, Bytes payload);
Buffer udp_frame(const Route& route, std::uint16_t ip_id, std::uint16_t source_port,
                 std::uint16_t target_port, Bytes payload);

}   // namespace ward::lab
