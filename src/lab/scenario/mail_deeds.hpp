// SPDX-License-Identifier: Apache-2.0
// What a scenario does by mail: those who fish for passwords, and those who only look like it.
#pragma once

#include "lab/mail/post.hpp"
#include "lab/scenario/actors.hpp"

namespace ward::lab {

/// Borrows the story, the post and the actors.
class MailDeeds {
public:
    MailDeeds(Story& story, Post& post, Actors& actors)
        : story_(story), post_(post), actors_(actors), dice_(story.dice("mail deeds")) {}

    /// A letter of the step's theme to many, by its sender.
    Result<> send_mail(const Cast& cast);
    /// What was written with firms goes on, by their account, and leads elsewhere.
    Result<> hijack_threads(const Cast& cast);
    /// A firm moves to another domain, says so, and writes from there.
    Result<> announce_domain(const Cast& cast);

private:
    struct Sender {
        Party party;
        std::string link_domain;
    };

    Sender sender_of(const Cast& cast, Theme theme);
    const Firm& some_firm(Theme theme);
    std::vector<StaffId> some_staff(std::size_t count);
    void send_to_each(const Cast& cast, Theme theme, const Sender& sender,
                      const std::vector<StaffId>& readers);
    void answer(Talk talk);
    void hijack_one(const Cast& cast, int tries);

    Story& story_;
    Post& post_;
    Actors& actors_;
    Dice dice_;
};

}   // namespace ward::lab
