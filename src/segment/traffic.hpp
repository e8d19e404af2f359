// SPDX-License-Identifier: Apache-2.0
// Who spoke to whom, as a proposal needs it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "segment/kinds.hpp"
#include "segment/talk.hpp"

namespace ward::segment {

struct TrafficLimits {
    std::chrono::days days{
        30};   // in UTC, that of the first flow among them; a bit for each, so 32 at the most
    std::size_t hosts_max = 100'000;
    std::size_t edges_max = 400'000;
};

struct Host {
    Kind kind = Kind::unknown;
    IpAddress home{};          // the IPv4 address of the same device, if this is another one
    bool has_spoken = false;   // in a conversation that counts
};

/// From a host to a port of another. Public addresses are all one, without a family.
struct Edge {
    IpAddress client;
    IpAddress server;
    Protocol protocol = Protocol::tcp;
    std::uint16_t port = 0;
    bool operator==(const Edge&) const = default;
};
struct EdgeHash {
    IpAddressHash hash;
    std::size_t operator()(const Edge& edge) const noexcept {
        const auto port = std::uint64_t{edge.port} * 2 + static_cast<std::uint64_t>(edge.protocol);
        return folded(hash(edge.client), hash(edge.server) + port, hash.secret);
    }
};
struct Uses {
    std::uint64_t times = 0;
    std::uint32_t days = 0;    // a bit for each
    std::uint32_t hours = 0;   // of the day, in UTC: the same
};

/// Bounded: what finds no room is counted. Hosts and edges that were there first stay.
class Traffic {
public:
    struct Counts {
        std::uint64_t flows = 0;        // that were learned from
        std::uint64_t unanswered = 0;   // a scan is no conversation
        std::uint64_t torn = 0;         // whose beginning was not seen
        std::uint64_t unrouted = 0;
        std::uint64_t other = 0;      // neither TCP nor UDP
        std::uint64_t too_late = 0;   // or from before the first one
        std::uint64_t not_kept = 0;
    };

    explicit Traffic(IpAddressHash hash = {}, TrafficLimits limits = {})
        : limits_(limits), hosts_(0, hash), edges_(0, EdgeHash{hash}) {}

    void see(const Seen& seen);

    const Counts& counts() const noexcept { return counts_; }
    const std::unordered_map<IpAddress, Host, IpAddressHash>& hosts() const noexcept { return hosts_; }
    const std::unordered_map<Edge, Uses, EdgeHash>& edges() const noexcept { return edges_; }

private:
    void learn_device(const Seen& seen);
    Host* host(const IpAddress& address);
    void count(const Talk& talk, Time at);

    TrafficLimits limits_;
    Counts counts_;
    std::optional<Time> first_;                                  // the beginning of its day
    std::unordered_map<IpAddress, Host, IpAddressHash> hosts_;   // private addresses
    std::unordered_map<Edge, Uses, EdgeHash> edges_;
};

}   // namespace ward::segment
