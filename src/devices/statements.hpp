// SPDX-License-Identifier: Apache-2.0
// What one event says of the devices that take part in it.
#pragma once

#include "devices/evidence.hpp"

namespace ward::devices {

/// Of whom something is said.
struct Subject {
    enum class Kind : std::uint8_t { client, server, hardware, address };
    Kind kind = Kind::client;
    MacAddress mac;       // of hardware
    IpAddress address;    // of address: heard of from others, so it is no proof that it exists
    std::string behind;   // a device that speaks through this one, by the name that it is given there

    Subject(event::Side side) : kind(side == event::Side::client ? Kind::client : Kind::server) {}
    explicit Subject(MacAddress hardware) : kind(Kind::hardware), mac(hardware) {}
    explicit Subject(IpAddress named) : kind(Kind::address), address(named) {}
    Subject(event::Side side, std::string_view device) : Subject(side) { behind = device; }
};

struct Statement {
    Subject who;
    Attribute attribute;
    std::string value;
    std::string_view source;
    std::uint8_t confidence;
};

struct Statements {
    /// A value that is empty says nothing.
    void say(const Subject& who, Attribute attribute, std::string_view value, std::string_view source,
             unsigned confidence);

    std::vector<Statement> all;
};

/// Adds what the event says; nothing for kinds that say nothing of devices. Pure.
void learn(const event::Event& event, Statements& out);

}   // namespace ward::devices
