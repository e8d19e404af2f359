// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/udp_line.hpp"

namespace ward::lab {

UdpLine::UdpLine(Tap& tap, const Network& network, const LineEnds& ends, Random random)
    : tap_(tap),
      label_(ends.label),
      random_(random),
      client_{route_between(network, ends.client, ends.server), ends.client_port,
              static_cast<std::uint16_t>(random_.next())},
      server_{route_between(network, ends.server, ends.client), ends.server_port,
              static_cast<std::uint16_t>(random_.next())} {}

Moment UdpLine::send(Side from, Bytes datagram, Moment at) {
    auto& sender = from == Side::client ? client_ : server_;
    const auto& other = from == Side::client ? server_ : client_;
    tap_.add({at, udp_frame(sender.route, ++sender.ip_id, sender.port, other.port, datagram), label_});
    return at + std::chrono::microseconds{static_cast<std::int64_t>(random_.around(160, 1.4))};
}

}   // namespace ward::lab
