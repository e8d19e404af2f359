// SPDX-License-Identifier: Apache-2.0
// What it takes to sign in at a workstation of a domain: a name, tickets, what the directory says of oneself.
#pragma once

#include "lab/frames/office/directory.hpp"
#include "lab/frames/office/resolver.hpp"
#include "lab/frames/office/shares.hpp"

namespace ward::lab {

/// Borrows the wires, the resolver and the tickets.
class SignIns {
public:
    SignIns(Wires& wires, Resolver& resolver, Tickets& tickets)
        : wires_(wires),
          resolver_(resolver),
          random_(wires.story().random().stream("sign-ins")),
          tickets_(tickets),
          directory_(wires, tickets),
          shares_(wires, tickets) {}

    /// Puts what systems do by themselves on the agenda. Must stay where it is from then on.
    void begin();
    void see(const SessionChanged& session, StaffId who, Moment at);

private:
    void open(const Account& account, StaffId who, Moment at);
    void refresh_policies(DeviceId workstation);

    Wires& wires_;
    Resolver& resolver_;
    Random random_;
    Tickets& tickets_;
    Directory directory_;
    Shares shares_;
};

}   // namespace ward::lab
