// SPDX-License-Identifier: Apache-2.0
// Makes a letter of a topic and of those who write it to each other.
#pragma once

#include "lab/mail/firms.hpp"
#include "lab/mail/wording.hpp"
#include "lab/story.hpp"

namespace ward::lab {

/// Somebody who writes or reads. Whoever is in the house has no checks.
struct Party {
    Mailbox box;
    std::optional<StaffId> staff{};   // none: a program, or outside
    std::optional<Checks> checks{};
};

/// A letter, or an answer to one, before it is written.
struct Talk {
    const Topic* topic = nullptr;
    Party writer;
    std::vector<Party> readers;
    std::string link_domain{};   // where its links lead; empty: to the writer's
    Slots slots{};
    std::string reply_to{};
    Letter last{};   // what was written last, if it was
    int letters = 0;
    std::optional<PatientId> about{};
    std::uint32_t label = 0;
};

std::string domain_of(const Mailbox& box);

/// Borrows the story.
class Composer {
public:
    explicit Composer(const Story& story) : story_(story), random_(story.dice("composer")) {}

    /// The first letter of a talk.
    Letter open(const Talk& talk);
    /// An answer by its writer to the last one, in these words.
    Letter answer(const Talk& talk, std::string_view words);

    Party of_staff(StaffId who) const;
    /// A program of the house, or an office's list.
    Party of_house(std::string_view name, std::string_view local) const;
    Party of_firm(const Firm& firm, const Mailbox& box, Random& random) const;
    /// Three of ten have no address; nothing then.
    std::optional<Party> of_patient(PatientId patient) const;
    const std::string& domain() const { return story_.network().domain; }

private:
    Letter begun(const Talk& talk);
    std::string with_links(std::string text, const Talk& talk);
    std::string link(const Talk& talk);
    std::string html_of(std::string_view text, const Talk& talk);
    void enclose(Letter& letter, const Talk& talk);
    std::string signature(const Party& writer);

    const Story& story_;
    Dice random_;
};

}   // namespace ward::lab
