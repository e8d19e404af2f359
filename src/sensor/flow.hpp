// SPDX-License-Identifier: Apache-2.0
// One conversation between two endpoints, and what is known of it so far.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "event/event.hpp"
#include "event/flow.hpp"
#include "protocol/protocols.hpp"
#include "sensor/unwrap.hpp"
#include "wire/tcp_stream.hpp"

namespace ward::sensor {

using event::Side;

/// Both directions have the same key: the smaller endpoint is first.
struct FlowKey {
    IpAddress low;
    IpAddress high;
    std::uint16_t low_port = 0;
    std::uint16_t high_port = 0;
    std::uint16_t vlan = 0;
    std::uint8_t ip_protocol = 0;
    std::uint32_t overlay = 0;   // of VXLAN or Geneve: equal addresses in two of them are two hosts

    bool operator==(const FlowKey& other) const noexcept {
        return ports() == other.ports() && overlay == other.overlay && low == other.low && high == other.high;
    }
    /// Everything but the addresses and the overlay.
    std::uint64_t ports() const noexcept {
        return std::uint64_t{low_port} << 48U | std::uint64_t{high_port} << 32U | std::uint64_t{vlan} << 16U |
               ip_protocol;
    }
};

struct FlowKeyHash {
    std::uint64_t seed = 0;
    std::size_t operator()(const FlowKey& key) const noexcept;
};

/// How long a flow may be silent, by how far it has come.
enum class Age : std::uint8_t { beginning, talking, over };
inline constexpr std::size_t ages = 3;

/// Bytes that wait until their protocol is recognised.
struct Recognition {
    struct Piece {
        Side from;
        Buffer bytes;
    };
    std::vector<Piece> pieces;
    std::array<std::size_t, 2> sizes{};
    std::array<bool, 2> hopeless{};   // nothing knows what this side said
    unsigned attempts = 0;
    bool torn = false;   // bytes are missing: a message may begin with any chunk
};

/// A SYN on the ports of a flow that talks. Answered, it is the beginning of another flow; unanswered, noise.
struct Opening {
    Sighting packet;
    Buffer options;   // which the packet borrows
};

struct Half {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    wire::TcpStream stream;
    std::uint8_t flags = 0;                         // of TCP, all that were seen
    wire::Overlap overlap = wire::Overlap::first;   // of the host that sends this half
    std::optional<std::uint8_t> scale;              // of the windows that it opens, if its SYN named one
    std::optional<std::uint32_t> fin;               // the sequence number of the last FIN seen
    bool finished = false;                          // a FIN counted: all before it was there
};

struct Flow {
    FlowKey key;
    event::Conversation between;
    event::Time first{};
    event::Time last{};
    std::array<Half, 2> halves;   // by who sends

    std::unique_ptr<protocol::Session> session;
    std::unique_ptr<Recognition> recognition;   // while nothing is recognised
    std::unique_ptr<Opening> opening;
    std::array<std::uint64_t, protocol::uninspected_kinds> uninspected{};
    std::string_view violation;
    protocol::Grounds grounds = protocol::Grounds::none;
    std::uint32_t failures = 0;   // malformed input since the last event
    std::uint32_t unread = 0;     // chunks since nobody understood any
    std::uint8_t restarts = 0;
    std::uint8_t anomalies = 0;   // bits: which were told
    std::array<bool, 2> torn{};   // by side: bytes are missing, and nothing was understood since
    bool midstream = false;
    bool confirmed = false;   // the client acknowledged the handshake as it was seen
    bool reset = false;
    Age age = Age::beginning;

    // Of the table that owns it.
    Flow* older = nullptr;
    Flow* younger = nullptr;
    std::size_t charged = 0;   // bytes of memory

    Half& half(Side side) noexcept { return halves[event::index(side)]; }
    const Half& half(Side side) const noexcept { return halves[event::index(side)]; }
};

/// Bytes that a flow occupies, all in all.
std::size_t memory_of(const Flow& flow) noexcept;

event::NotInspected not_inspected(const Flow& flow) noexcept;

/// What is told of a flow when it is over.
event::Payload summary(const Flow& flow, std::string_view reason);

}   // namespace ward::sensor
