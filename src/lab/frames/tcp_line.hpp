// SPDX-License-Identifier: Apache-2.0
// One TCP connection between two machines, as a mirror port sees it: RFC 9293, delayed acknowledgements (RFC
// 1122, 4.2.3.2), and now and then a segment that is lost behind the mirror and sent again.
#pragma once

#include "lab/frames/tap.hpp"

namespace ward::lab {

enum class Side : std::uint8_t { client, server };

struct LineEnds {
    const Device& client;
    const Device& server;
    std::uint16_t client_port = 0;
    std::uint16_t server_port = 0;
    std::uint32_t label = 0;   // of all frames
};

/// Borrows the tap. Its frames are in the order of time, whatever it is told to send when: what is told too
/// early waits for what was told before.
class TcpLine {
public:
    TcpLine(Tap& tap, const Network& network, const LineEnds& ends, Random random);

    /// The handshake; where `data` is sent on a line that is not open, it opens by itself. Returns when it is
    /// done.
    Moment open(Moment at);
    /// Sends the bytes in segments. Returns when the other side has all of them.
    Moment send(Side from, Bytes data, Moment at);
    Moment close(Side from, Moment at);
    /// RST: it ends here and now.
    Moment abort(Side from, Moment at);
    /// Asks for a line, which the server's RST refuses. Returns when the client knows.
    Moment refused(Moment at);
    /// Asks for one where nobody answers, again after one, two and four seconds as RFC 6298 has it, this
    /// often in all. Returns when it gives up.
    Moment unanswered(Moment at, int tries);
    /// Another machine, or another card of the same one, goes on under one side's address.
    void move(Side side, const Mac& mac, std::uint32_t label);
    bool is_open() const { return is_open_; }
    Moment free_at() const { return free_at_; }

private:
    struct End {
        Route route{};
        std::uint16_t port = 0;
        std::uint32_t sequence = 0;   // of the next byte
        std::uint16_t ip_id = 0;
        std::uint16_t window = 0;
    };

    End& at(Side side) { return side == Side::client ? client_ : server_; }
    void emit(Side from, std::uint8_t flags, Bytes payload, Moment at, std::uint16_t mss = 0);
    std::chrono::microseconds travel();

    Tap& tap_;
    std::uint32_t label_;
    Random random_;
    End client_;
    End server_;
    bool is_open_ = false;
    Moment free_at_{};
    double latency_ = 0;   // microseconds, one way
};

/// From one machine to another: by way of the router where they are in different VLANs.
Route route_between(const Network& network, const Device& from, const Device& to);

}   // namespace ward::lab
