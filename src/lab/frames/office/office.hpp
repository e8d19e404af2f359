// SPDX-License-Identifier: Apache-2.0
// With what the office's conversations are held: names, tickets, the directory, shares, desks.
#pragma once

#include "lab/frames/office/directory.hpp"
#include "lab/frames/office/old_shares.hpp"
#include "lab/frames/office/remote_desks.hpp"
#include "lab/frames/office/resolver.hpp"
#include "lab/frames/office/shares.hpp"

namespace ward::lab {

/// Borrows the tap and the story.
struct Office {
    Office(Tap& tap, Story& story)
        : wires(tap, story),
          resolver(wires),
          tickets(wires),
          directory(wires, tickets),
          shares(wires, tickets),
          old_shares(wires),
          desks(wires, resolver, tickets) {}
    Office(const Office&) = delete;
    Office& operator=(const Office&) = delete;

    Wires wires;
    Resolver resolver;
    Tickets tickets;
    Directory directory;
    Shares shares;
    OldShares old_shares;
    RemoteDesks desks;
};

}   // namespace ward::lab
