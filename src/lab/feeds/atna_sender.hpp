// SPDX-License-Identifier: Apache-2.0
// The record as a sender of its audit trail: of its messages a few are as senders get them wrong.
#pragma once

#include "lab/feeds/audit.hpp"

namespace ward::lab {

class AtnaSender {
public:
    explicit AtnaSender(const Story& story) : random_(story.dice("atna sender")) {}

    /// As it stands in the stream. `act` is audited, and comes after those before.
    std::string frame(const Act& act, const Story& story) {
        constexpr double wrong_share = 0.01;
        const auto fault =
            random_->chance(wrong_share) ? static_cast<AtnaFault>(random_->between(1, 3)) : AtnaFault::none;
        return atna_frame(act, story, fault);
    }

private:
    Dice random_;
};

}   // namespace ward::lab
