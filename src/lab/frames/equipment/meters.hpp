// SPDX-License-Identifier: Apache-2.0
// What machines know of themselves, and tell those who manage them: RFC 3418, 2863, 1628, 3805 and 2790.
#pragma once

#include <unordered_map>
#include <vector>

#include "lab/frames/equipment/snmp.hpp"
#include "lab/story.hpp"

namespace ward::lab {

/// Of each machine its own, from its hardware address and the seed. Nothing runs backwards. Borrows the
/// story.
class Meters {
public:
    explicit Meters(const Story& story) : story_(story), random_(story.random().stream("meters")) {}

    void print(const Device& printer, int sheets);
    std::vector<snmp::Reading> read(const Device& device, Moment at);

private:
    struct Meter {
        Random random;
        Moment booted{};
        Moment read{};                // the last time
        std::uint64_t sheets = 0;     // since it was made
        std::uint64_t a_supply = 0;   // of sheets
        double rate = 0;              // bytes a second that come in, at noon
        double out_share = 0;         // as much goes out
        std::uint64_t octets_in = 0;
        std::uint64_t octets_out = 0;
        int minutes = 0;   // that its batteries last
    };
    Meter& of(const Device& device);
    static void carry(Meter& meter, Moment at);

    const Story& story_;
    Random random_;
    std::unordered_map<Address, Meter> meters_;
};

}   // namespace ward::lab
