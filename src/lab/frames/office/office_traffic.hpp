// SPDX-License-Identifier: Apache-2.0
// What the hospital's computers say to each other on an ordinary day, beside the messages to Ward.
#pragma once

#include "lab/frames/office/browsing.hpp"
#include "lab/frames/office/record_sessions.hpp"
#include "lab/frames/office/remote_desks.hpp"
#include "lab/frames/office/rounds.hpp"
#include "lab/frames/office/sign_ins.hpp"

namespace ward::lab {

/// Borrows the tap and the story, on whose agenda it puts what machines do by themselves.
class OfficeTraffic final : public Witness {
public:
    OfficeTraffic(Tap& tap, Story& story);
    OfficeTraffic(const OfficeTraffic&) = delete;
    OfficeTraffic& operator=(const OfficeTraffic&) = delete;

    void see(const Act& act, const Story& story) override;

private:
    Wires wires_;
    Resolver resolver_;
    Rounds rounds_;
    RecordSessions record_;
    Browsing browsing_;
    Tickets tickets_;
    SignIns sign_ins_;
    RemoteDesks remote_desks_;
};

}   // namespace ward::lab
