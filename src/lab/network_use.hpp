// SPDX-License-Identifier: Apache-2.0
// What is done over the network of which no other feed tells, in the words of the story; frames/deeds/ says
// how each looks on the wire.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "lab/network.hpp"

namespace ward::lab {

/// A site outside, over TLS: so many bytes there and back.
struct SiteCalled {
    std::string host;
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
};

/// One try to connect, to an address where somebody may be.
struct PortTried {
    Address target = 0;
    std::uint16_t port = 0;
    enum class Answer : std::uint8_t { open, refused, none } answer{};
};

using NetworkUse = std::variant<SiteCalled, PortTried>;

struct NetworkUsed {
    DeviceId from{};
    std::string account;   // a login, or a program's account; empty: the machine, or nobody who says so
    NetworkUse use;
};

}   // namespace ward::lab
