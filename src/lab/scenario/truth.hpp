// SPDX-License-Identifier: Apache-2.0
// What really happened, beside the feeds: which events belong to which step, and what should be found of it.
#pragma once

#include <string>
#include <vector>

#include "lab/feeds/hl7_feed.hpp"
#include "lab/scenario/deed.hpp"
#include "lab/scenario/forbidden.hpp"

namespace ward::lab {

/// Sees what carries a label.
class Truth final : public Witness {
public:
    explicit Truth(const Scenario& scenario);

    void see(const Act& act, const Story& story) override;
    /// `place` is where it begins in its file: by that it is known if it has no number.
    void see(const Hl7Message& message, std::uint64_t place);
    void see(const Frame& frame);
    /// What is told by no event: a system that falls silent.
    void note_silence(std::uint32_t label, std::vector<std::string> systems, Moment from, Moment until);

    /// One of atna.syslog alone, which begins there.
    void note_entry(std::uint32_t label, Moment at, std::uint64_t place);

    const std::vector<Deed>& deeds() const { return deeds_; }
    std::string json(const Story& story, const Scenario& scenario, std::uint64_t seed) const;

private:
    static void note_use(Deed& deed, const NetworkUsed& used, const Story& story);
    static void note_forged(Deed& deed, const MessageForged& forged, const Story& story);
    static void note_edge(Deed& deed, const NetworkUse& use, const Story& story);
    static void note_letter(Deed& deed, const MailSent& sent, const Story& story);
    Deed& deed_at(std::uint32_t label, Moment at);

    std::vector<Deed> deeds_;   // of each step
    ConsoleUse console_use_{};
};

}   // namespace ward::lab
