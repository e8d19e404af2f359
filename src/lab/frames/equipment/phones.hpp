// SPDX-License-Identifier: Apache-2.0
// Phones and nurse call stations, which say to their registrar where they are.
#pragma once

#include <unordered_map>

#include "lab/frames/equipment/sip.hpp"
#include "lab/frames/office/wires.hpp"

namespace ward::lab {

constexpr std::chrono::seconds enrolled_for{7'200};

/// Borrows the wires.
class Phones {
public:
    explicit Phones(Wires& wires);

    void enrol(const Device& phone, Moment at);

private:
    /// What a phone keeps from one time to the next: RFC 3261, 10.2.
    struct Line {
        std::string extension;
        std::string call;
        std::string tag;
        unsigned number = 0;   // CSeq
    };

    Wires& wires_;
    std::unordered_map<Address, Line> lines_;
};

}   // namespace ward::lab
