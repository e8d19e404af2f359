// SPDX-License-Identifier: Apache-2.0
// Administrators at work on other machines: servers for the most part, somebody's workstation now and then.
#pragma once

#include <memory>

#include "lab/frames/office/resolver.hpp"
#include "lab/frames/office/tickets.hpp"
#include "lab/frames/office/tls_session.hpp"

namespace ward::lab {

/// Borrows the wires, the resolver and the tickets.
class RemoteDesks {
public:
    RemoteDesks(Wires& wires, Resolver& resolver, Tickets& tickets)
        : wires_(wires),
          resolver_(resolver),
          tickets_(tickets),
          random_(wires.story().dice("remote desks")) {}

    /// Puts them on the agenda. Must stay where it is from then on.
    void begin();
    /// So many steps of work on another machine, which goes on by the agenda.
    void take(const Account& account, const Device& target, int steps, Moment at);

private:
    void plan(DeviceId from);
    void connect(const Device& client);
    const Device& target_for(const Device& client);
    void work(std::shared_ptr<TlsSession> session, int left);

    Wires& wires_;
    Resolver& resolver_;
    Tickets& tickets_;
    Dice random_;
};

}   // namespace ward::lab
