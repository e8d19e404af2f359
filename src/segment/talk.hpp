// SPDX-License-Identifier: Apache-2.0
// What a flow says to a plan.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "core/lru_map.hpp"
#include "detect/seen.hpp"
#include "segment/plan.hpp"

namespace ward::segment {

using detect::Seen;
using event::Time;

struct Talk {
    IpAddress client;
    IpAddress server;
    Protocol protocol = Protocol::tcp;
    std::uint16_t port = 0;   // the server's
    std::uint16_t client_port = 0;
    bool is_answered = false;   // both sides said something that is more than a refusal
    bool is_whole = true;       // its beginning was seen, or what it is: who is the client is no guess
};

enum class NotJudged : std::uint8_t {
    other,      // neither TCP nor UDP, or no flow with two ends
    unrouted,   // what no router passes on: to several, to or from an address of one's own segment
};

/// Of a flow; plans say nothing of the rest.
std::variant<Talk, NotJudged> talk_of(const Seen& flow);

/// What `device` events say of addresses.
class Roles {
public:
    static constexpr std::size_t hosts_max = 100'000;

    explicit Roles(IpAddressHash hash = {}) : roles_(hosts_max, hash) {}
    void learn(const Seen& seen);
    /// Good until the next learn(); empty where nothing is known.
    std::string_view of(const IpAddress& address);
    std::size_t forgotten() const { return roles_.forgotten(); }

private:
    LruMap<IpAddress, std::string, IpAddressHash> roles_;
};

}   // namespace ward::segment
