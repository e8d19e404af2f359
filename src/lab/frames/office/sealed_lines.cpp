// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/sealed_lines.hpp"

namespace ward::lab {

void SealedLines::carry(DeviceId from, std::uint16_t port, std::size_t sent, std::size_t answered,
                        Moment at) {
    auto& line = lines_[{from, port, wires_.label()}];
    if (line == nullptr) {
        const auto& client = wires_.network().at(from);
        const auto& ward = wires_.server(DeviceKind::ward_vault, client.site);
        line = std::make_unique<TlsSession>(
            wires_, client, ward,
            TlsWish{.host = wires_.full_name(ward), .taste = TlsTaste::agent, .port = port});
        at = line->open(at);
    }
    if (answered == 0)
        line->send(Side::client, sent, at);
    else
        line->exchange(sent, answered, at);
}

}   // namespace ward::lab
