// SPDX-License-Identifier: Apache-2.0
// The record as the network sees it: each workstation keeps a TLS connection to its server while somebody
// works there.
#pragma once

#include <map>
#include <memory>

#include "lab/frames/office/resolver.hpp"
#include "lab/frames/office/tls_session.hpp"

namespace ward::lab {

/// Borrows the wires and the resolver.
class RecordSessions {
public:
    RecordSessions(Wires& wires, Resolver& resolver)
        : wires_(wires), resolver_(resolver), random_(wires.story().dice("record sessions")) {}

    /// Puts on the agenda that idle connections are closed. Must stay where it is from then on.
    void begin();
    void open_chart(const ChartOpened& opened, Moment at);
    void sign_off(DeviceId workstation, Moment at);

private:
    struct Kept {
        std::unique_ptr<TlsSession> session;
        Moment until{};
    };

    void close_idle();

    Wires& wires_;
    Resolver& resolver_;
    Dice random_;
    std::map<DeviceId, Kept> kept_;   // at most one of each workstation
};

}   // namespace ward::lab
