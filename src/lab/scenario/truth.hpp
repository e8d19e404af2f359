// SPDX-License-Identifier: Apache-2.0
// What really happened, beside the feeds: which events belong to which step, and what should be found of it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lab/feeds/hl7_feed.hpp"
#include "lab/frames/flow_name.hpp"
#include "lab/scenario/scenario.hpp"

namespace ward::lab {

/// A step as it came to pass.
struct Deed {
    std::uint32_t label = 0;
    Moment first{};   // of its events, or when it began if it leaves none
    Moment last{};
    std::set<std::string> people{};     // logins of who did it
    std::set<std::string> patients{};   // MRNs
    std::set<std::string> systems{};    // that fell silent, or were used: names, and addresses
    // "audit:17", "hl7:EHR00000012" or "hl7:@" and a place, "mail:" and a Message-ID, "file:18", "flow:" and
    // a Community ID, "atna:@" and a place
    std::vector<std::string> events{};
    std::set<FlowKey> flows{};   // in the above
    bool came_to_pass = false;
};

/// Sees what carries a label.
class Truth final : public Witness {
public:
    explicit Truth(const Scenario& scenario);

    void see(const Act& act, const Story& story) override;
    /// `place` is where it begins in its file: by that it is known if it has no number.
    void see(const Hl7Message& message, std::uint64_t place);
    void see(const Frame& frame);
    /// What is told by no event: a system that falls silent.
    void note_silence(std::uint32_t label, std::string system, Moment from, Moment until);

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
};

}   // namespace ward::lab
