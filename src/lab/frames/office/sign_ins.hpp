// SPDX-License-Identifier: Apache-2.0
// What it takes to sign in at a workstation of a domain: a name, tickets, what the directory says of oneself.
#pragma once

#include "lab/frames/office/office.hpp"

namespace ward::lab {

/// Borrows the office.
class SignIns {
public:
    explicit SignIns(Office& office)
        : wires_(office.wires), office_(office), random_(wires_.story().dice("sign-ins")) {}

    /// Puts what systems do by themselves on the agenda. Must stay where it is from then on.
    void begin();
    void see(const SessionChanged& session, StaffId who, Moment at);

private:
    void open(const Account& account, StaffId who, Moment at);
    void refresh_policies(DeviceId workstation);

    Wires& wires_;
    Office& office_;
    Dice random_;
};

}   // namespace ward::lab
