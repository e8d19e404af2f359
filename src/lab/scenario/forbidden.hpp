// SPDX-License-Identifier: Apache-2.0
// What must not be done about the steps of a scenario, with the names of the story.
#pragma once

#include "lab/scenario/deed.hpp"
#include "lab/scenario/scenario.hpp"
#include "lab/story.hpp"

namespace ward::lab {

/// Who lies in which console, as far as the story tells it: it says of a study at which site and with what
/// modality it is taken, and each console there of that modality may be the one.
class ConsoleUse {
public:
    struct Span {
        Moment from{};
        Moment until{};
    };

    void see(const StudyTaken& taken, Moment at, const Story& story);
    /// In the order of time; none touches the next.
    std::vector<Span> of(const Device& console) const;

private:
    std::map<std::pair<std::string_view, int>, std::vector<Moment>> studies_{};   // by modality and site
};

/// It must not be done to any of these, from then on and until then.
struct Forbidden {
    std::string action;
    std::vector<std::string> targets;
    Moment from{};
    Moment until{};
    std::string why;
};

/// Borrows all of them.
class Forbidding {
public:
    Forbidding(const Story& story, const Scenario& scenario, const std::vector<Deed>& deeds,
               const ConsoleUse& use);

    /// In the order in which the step says it; of a look-alike first that no case is raised.
    std::vector<Forbidden> of(const Deed& deed) const;

private:
    std::vector<std::string> targets_of(const MustNot& must_not, const Deed& deed) const;
    std::vector<std::string> machines_of(std::string_view kind) const;
    std::set<std::string> accounts_of(std::string_view department) const;
    std::vector<std::string> without_attackers(const std::set<std::string>& accounts) const;
    std::vector<std::string> partners() const;
    std::vector<std::string> vendors() const;
    void add_in_use(const MustNot& must_not, std::vector<Forbidden>& into) const;

    const Story& story_;
    const Scenario& scenario_;
    const ConsoleUse& use_;
    Moment end_;
    std::set<std::string> attackers_{};   // accounts with a part in an attack
    std::set<std::string> attacked_{};    // systems with one
};

}   // namespace ward::lab
