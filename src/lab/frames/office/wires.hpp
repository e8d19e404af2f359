// SPDX-License-Identifier: Apache-2.0
// What all conversations of the office share: the tap, the machines, and a port of each for the next one.
#pragma once

#include <unordered_map>

#include "lab/frames/tcp_line.hpp"
#include "lab/story.hpp"

namespace ward::lab {

/// Borrows the tap and the story.
class Wires {
public:
    Wires(Tap& tap, Story& story) : tap_(tap), story_(story), random_(story.dice("office wires")) {}

    Tap& tap() { return tap_; }
    Story& story() { return story_; }
    const Network& network() const { return story_.network(); }
    /// The dice of a machine that begins a conversation.
    Random& random_of(const Device& client) { return random_.of(client.address); }
    const Device& server(DeviceKind kind, int site) const {
        return network().at(network().one_of(kind, site));
    }
    /// Practices have few servers: none, if there is none of that kind.
    const Device* server_if_any(DeviceKind kind, int site) const;
    /// fs0001.ashmere.example
    std::string full_name(const Device& device) const;

    /// While it lives, what is begun belongs to a step of the scenario.
    class Belonging {
    public:
        Belonging(Wires& wires, std::uint32_t label)
            : wires_(wires), before_(wires.label_), because_(wires.story_.agenda(), label) {
            wires.label_ = label;
        }
        ~Belonging() { wires_.label_ = before_; }
        Belonging(const Belonging&) = delete;
        Belonging& operator=(const Belonging&) = delete;

    private:
        Wires& wires_;
        std::uint32_t before_;
        Agenda::Because because_;
    };
    std::uint32_t label() const { return label_; }

    std::uint16_t next_port(Address client, Address server);
    TcpLine line(const Device& client, const Device& server, std::uint16_t port);

    struct Question {
        const Device& client;
        const Device& server;
        std::uint16_t client_port = 0;
        std::uint16_t server_port = 0;
    };
    /// One datagram there and one back. Returns when the answer is there.
    Moment ask(const Question& question, Bytes asked, Bytes answered, Moment at);

private:
    Tap& tap_;
    Story& story_;
    Dice random_;
    std::uint32_t label_ = 0;
    // The last of each pair, of two addresses, by cause.
    std::unordered_map<std::uint32_t, std::unordered_map<std::uint64_t, std::uint16_t>> ports_;
};

/// The router's side of a VLAN: the first address of its block.
Address gateway_of(const Device& device);
/// A machine of others, as it is seen behind the hospital's router. RFC 5737: addresses for documentation.
Device outside(Address address, int site);

}   // namespace ward::lab
