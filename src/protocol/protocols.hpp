// SPDX-License-Identifier: Apache-2.0
// The table of what can be decoded. To add a protocol, add its row in protocols.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "protocol/session.hpp"

namespace ward::protocol {

enum class Transport : std::uint8_t { tcp, udp };

/// What a protocol thinks of the first bytes of a conversation. `unsure` asks for more of them, and is enough
/// where the port is the protocol's own.
enum class Verdict : std::uint8_t { no, unsure, yes };

struct Protocol {
    std::string_view name;   // EVE's app_proto
    Transport transport;
    std::array<std::uint16_t, 4> ports;   // of the server; 0 is none. Content decides first, the port second.
    /// `first` is what `from` sent first: of TCP the stream so far, of UDP one datagram. Never empty. A
    /// protocol with a weak signature says `unsure`, so that its port has to agree.
    Verdict (*probe)(Bytes first, Side from);
    std::unique_ptr<Session> (*open)();
    /// Of UDP, where one datagram proves nothing: what one side sent, oldest first.
    Verdict (*probe_series)(std::span<const Bytes> datagrams) = nullptr;

    bool has_port(std::uint16_t port) const noexcept;
};

/// How the protocol of a flow was recognised.
enum class Grounds : std::uint8_t { none, content, port_and_content };
std::string_view name(Grounds grounds);

struct Guess {
    const Protocol* protocol = nullptr;   // nothing: not recognised, or not yet
    Grounds grounds = Grounds::none;
    bool undecided = false;   // more bytes could tell
};

/// Strong signatures first: the first `yes` wins.
std::span<const Protocol> protocols();

/// `server_port` breaks ties.
Guess recognise(Transport transport, std::uint16_t server_port, Bytes first, Side from);
/// Asks those that need several datagrams.
Guess recognise_series(Transport transport, std::span<const Bytes> datagrams);

}   // namespace ward::protocol
