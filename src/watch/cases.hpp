// SPDX-License-Identifier: Apache-2.0
// Which findings belong together, and which of them somebody should look at.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/lru_map.hpp"
#include "detect/finding.hpp"
#include "state/kept.hpp"

namespace ward::watch {

struct CaseLimits {
    std::chrono::hours apart_max{72};              // findings of one case, until it is shown
    std::chrono::hours shown_apart_max{30 * 24};   // and from then on: intruders take their time
    std::size_t systems_max = 100'000;             // that are remembered
    double risk_min = 0.25;                        // of what is shown
    double risk_high = 0.5;
    std::size_t shown_a_day_max = 30;
    std::size_t kept_for_high = 10;   // of these, for cases of high risk
};

/// Findings are of one case that within so long tell of the same who did it, or of who did something
/// after it was taken over in a case that is shown, or is now. That it was done to the same one joins none:
/// all use the same servers. A case's risk is that at least one of its kinds of finding is true, each as its
/// riskiest one. It is shown from when that is enough, as long as the day (UTC) has room for another.
class Cases {
public:
    explicit Cases(CaseLimits limits = {}) : limits_(limits) {}

    struct Placed {
        std::size_t in_case = 0;             // its number, from 1 on
        bool is_new = false;                 // the case
        bool is_shown = false;               // the case
        double risk = 0;                     // of the case, from 0 to 1
        std::vector<std::size_t> joined{};   // other cases that are one with it from now on
    };
    /// The case of the finding. One that joins two makes them one, and keeps the older number. `risk`: what
    /// people said of its like may make it less or more than risk_of(finding).
    Placed add(const detect::Finding& finding, double risk);
    Placed add(const detect::Finding& finding) { return add(finding, detect::risk_of(finding)); }

    struct Kept {
        std::size_t in_case = 0;              // from 1 on
        std::optional<event::Time> shown{};   // the case
    };
    /// As add() once placed it, or a person later. Before any that are new, in the order in which they came.
    void restore(const detect::Finding& finding, double risk, const Kept& kept);
    /// Numbers up to that one are taken.
    void reserve(std::size_t number);
    /// Of the finding that was added as that one, from 0 on: its case's number, from 1 on.
    std::size_t case_of(std::size_t finding) const;
    /// Of the finding's case, from 0 to 1.
    double risk(std::size_t finding) const;
    /// When the finding was first shown; nothing if it is below the line.
    std::optional<event::Time> shown(std::size_t finding) const { return shown_[finding]; }

    /// How many cases there are that were never shown, for less risk or for want of room.
    std::size_t below_line() const;
    /// How many were added.
    std::size_t findings() const noexcept { return findings_.size(); }

    void state(state::Kept& kept) {
        kept(joined_, cases_, findings_, shown_, day_, shown_today_, did_, taken_over_);
    }

private:
    struct Trace {
        std::size_t in_case = 0;
        event::Time last{};

        void state(state::Kept& kept) { kept(in_case, last); }
    };
    struct Case {
        std::map<std::string, double, std::less<>> kinds{};   // the riskiest of each
        std::vector<std::size_t> waiting{};                   // findings that are not shown
        bool is_shown = false;

        double risk() const;
        void state(state::Kept& kept) { kept(kinds, waiting, is_shown); }
    };
    std::size_t root_of(std::size_t number) const;
    std::vector<std::size_t> related(const detect::Finding& finding);
    void join(std::size_t into, std::size_t from);
    void place(std::size_t root, const detect::Finding& finding, double risk);
    void show(Case& one, event::Time now);
    bool has_room(double risk, event::Time now);

    CaseLimits limits_;
    // Of each case, one that it is a part of, or itself: they get shorter as they are followed.
    mutable std::vector<std::size_t> joined_;
    std::vector<Case> cases_;                         // what was joined to another is empty
    std::vector<std::size_t> findings_;               // the case of each
    std::vector<std::optional<event::Time>> shown_;   // each finding
    std::chrono::sys_days day_{};
    std::size_t shown_today_ = 0;
    LruMap<std::string, Trace> did_{limits_.systems_max};
    LruMap<std::string, Trace> taken_over_{limits_.systems_max};
};

}   // namespace ward::watch
