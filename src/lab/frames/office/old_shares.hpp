// SPDX-License-Identifier: Apache-2.0
// What old machines do with servers of their age over SMB 1, and what a worm does with such machines: sizes,
// order and timing of it only.
#pragma once

#include "lab/frames/office/old_smb.hpp"
#include "lab/frames/office/wires.hpp"

namespace ward::lab {

/// Borrows the wires.
class OldShares {
public:
    explicit OldShares(Wires& wires) : wires_(wires), random_(wires.story().dice("old shares")) {}

    /// An old console leaves pictures and lists on a server, and reads some; now and then a device that is
    /// shared takes much at once. Returns when it is done.
    Moment work(const Device& console, const Device& server, Moment at);
    /// Which of its weak spots were mended, as those ask who look for such: nobody signs in.
    Moment question(const Device& from, const Device& console, Moment at);
    /// What a worm's try looks like: some sessions that say nothing, then one with much to say. Noise.
    Moment overrun(const Device& from, const Device& console, Moment at);
    /// A machine that knows nothing so old breaks off.
    Moment fail(const Device& from, const Device& other, Moment at);

private:
    class Talk;

    Wires& wires_;
    Dice random_;
};

}   // namespace ward::lab
