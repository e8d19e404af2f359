// SPDX-License-Identifier: Apache-2.0
// Datagrams between two machines (RFC 768), as a mirror port sees them.
#pragma once

#include "lab/frames/tcp_line.hpp"

namespace ward::lab {

/// Borrows the tap.
class UdpLine {
public:
    UdpLine(Tap& tap, const Network& network, const LineEnds& ends, Random random);

    /// Returns when the other side has it.
    Moment send(Side from, Bytes datagram, Moment at);

private:
    struct End {
        Route route{};
        std::uint16_t port = 0;
        std::uint16_t ip_id = 0;
    };

    Tap& tap_;
    std::uint32_t label_;
    Random random_;
    End client_;
    End server_;
};

}   // namespace ward::lab
