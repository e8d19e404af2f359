// SPDX-License-Identifier: Apache-2.0
// The hospital's mail: sends letters, and has them answered by those who got them.
#pragma once

#include <deque>

#include "lab/mail/composer.hpp"

namespace ward::lab {

/// Borrows the story, and lives as long as its agenda runs.
class Post {
public:
    explicit Post(Story& story);

    const std::vector<Firm>& firms() const { return firms_; }
    Composer& composer() { return composer_; }

    /// Sends the first letter of a talk, or an answer in these words by its writer; who got it may answer, as
    /// often as the topic says, unless it has a label. What was sent is given back.
    Talk open(Talk talk);
    Talk answer(Talk talk, std::string_view words);
    /// One with a firm in which both wrote, of those of late; nothing if there was none yet.
    std::optional<Talk> some_talk_with_a_firm(Random& random) const;

private:
    Talk send(Talk talk, Letter letter);
    void await_answer(Talk talk);
    void answer_once_there(Talk talk, int tries);

    Story& story_;
    Dice random_;
    Composer composer_;
    std::vector<Firm> firms_;
    std::deque<Talk> talks_;   // of late, with firms
};

}   // namespace ward::lab
