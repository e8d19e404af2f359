// SPDX-License-Identifier: Apache-2.0
// What partners' systems do on an ordinary day: calls in office hours, batches at night; some rest at
// weekends, and one moves to another address now and then.
#pragma once

#include <vector>

#include "lab/mail/post.hpp"

namespace ward::lab {

/// Borrows the story and the post, and lives as long as the agenda runs.
class PartnerRoutine {
public:
    PartnerRoutine(Story& story, Post& post, Moment end);

    /// Puts the days on the agenda.
    void begin();

    struct Call {
        PartnerId partner{};
        std::optional<Address> from{};   // none: where the partner is
        double kilobytes_sent = 8;       // around
        double kilobytes_received = 4;
        std::uint32_t label = 0;
    };
    /// At the hospital's interface engine. Nothing where the partner itself is silent.
    void call(const Call& call);
    void silence(PartnerId partner, Moment until) {
        auto& known = states_[place(partner)].silent_until;
        known = std::max(known, until);
    }
    void move(PartnerId partner, Address address) { states_[place(partner)].address = address; }
    /// To those of IT, that it will be away, and perhaps elsewhere afterwards.
    void announce(PartnerId partner, std::uint32_t label);
    /// A letter, some hours of silence, and then from another address.
    void move_with_notice(PartnerId partner, Moment at, std::uint32_t label);

private:
    struct State {
        Address address = 0;
        Moment silent_until{};
    };

    bool is_silent(PartnerId partner) const { return story_.now() < states_[place(partner)].silent_until; }
    void plan_day(std::chrono::sys_days day, PartnerId partner);
    void plan(Moment at, const Call& call);

    Story& story_;
    Post& post_;
    Moment end_;
    Dice random_;
    std::vector<State> states_{};   // of each partner
};

}   // namespace ward::lab
