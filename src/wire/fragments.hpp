// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <vector>

#include "wire/packet.hpp"

namespace ward::wire {

struct FragmentLimits {
    std::size_t packets_max = 4096;                  // that wait for more of their fragments
    std::size_t fragments_max = 256;                 // of one packet
    std::size_t bytes_max = std::size_t{16} << 20;   // of all
    std::chrono::seconds age_max{30};                // RFC 8200, section 4.5: 60; RFC 791: 15 at least
};

/// What was given up, and why. Nothing is given up without being counted here.
struct FragmentCounts {
    std::uint64_t fragments = 0;
    std::uint64_t reassembled = 0;
    std::uint64_t overlaps = 0;    // packets whose fragments disagree on their places or on the length
    std::uint64_t timed_out = 0;   // packets
    std::uint64_t evicted = 0;     // packets, for a limit
};

/// Puts IP packets together again. Of overlapping fragments in IPv4 the first one counts, as most stacks have
/// it by now; IPv6 drops the whole packet (RFC 5722, section 3).
class Fragments {
public:
    explicit Fragments(FragmentLimits limits = {}) : limits_(limits) {}

    /// The whole packet when `piece` was its last missing fragment. Its payload is borrowed from this object,
    /// until the next call.
    std::optional<Ip> add(const Ip& piece, FrameTime at);

    const FragmentCounts& counts() const noexcept { return counts_; }
    std::size_t memory() const noexcept { return bytes_; }

private:
    struct Key {
        IpAddress source;
        IpAddress target;
        std::uint32_t id;
        std::uint8_t protocol;   // 0 for IPv6, where only the first fragment's counts
        auto operator<=>(const Key&) const = default;
    };
    struct Piece {
        std::size_t offset;
        Buffer bytes;
    };
    struct Packet {
        std::optional<Ip> first;   // its header, without payload
        FrameTime began{};
        std::vector<Piece> pieces;   // by offset, without overlap
        std::size_t received = 0;
        std::optional<std::size_t> length;   // known with the last fragment
        bool overlaps = false;
        bool refused = false;   // what comes of it is dropped
        std::list<Key>::iterator age;
    };
    using Packets = std::map<Key, Packet>;

    void drop(Packets::iterator packet);
    void expire(FrameTime now);
    bool insert(Packet& packet, const Ip& piece);
    bool fill(Packet& packet, std::size_t begin, Bytes bytes, bool is_v4);
    void count_overlap(Packet& packet);
    void refuse(Packet& packet);

    FragmentLimits limits_;
    FragmentCounts counts_;
    Packets packets_;
    std::list<Key> ages_;   // oldest first
    std::size_t bytes_ = 0;
    Buffer whole_;
};

}   // namespace ward::wire
