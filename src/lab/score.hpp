// SPDX-License-Identifier: Apache-2.0
// Findings, and what was done about them, held against the truth.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "lab/findings.hpp"
#include "lab/true_story.hpp"

namespace ward::lab {

struct Score {
    struct Found {
        std::string step;
        std::int64_t seconds = 0;   // from the first event on
    };
    struct MustNotDone {
        std::string step;
        std::string action;
        std::string target;   // of a raised case: the case
        Time at{};            // the first time
        int times = 0;
        std::string why;
    };
    std::vector<Found> found;
    std::vector<std::string> missed;        // steps, also those that were found too late
    std::vector<std::string> false_cases;   // cases without any true finding, by name or line
    double false_cases_per_day = 0;
    std::vector<MustNotDone> must_not_done;   // by step, action and target
};

/// A finding is true of an attack if it is of the step's kind, not earlier than its first event nor later
/// than it should be found, and names one of its events, or a person and patient of it, or, where the step
/// has no patient, a person or system of it. In the same way a look-alike is taken for an attack, at any time
/// after it began. Takes each finding once, in any order; borrows the truth.
class Scorer {
public:
    explicit Scorer(const TrueStory& truth);

    void take(const Finding& finding);
    Score score() const;

private:
    using Steps = std::vector<std::uint32_t>;   // places of steps
    using Index = std::unordered_map<std::string_view, Steps>;
    enum Trace : std::uint8_t { event = 1, person = 2, patient = 4, system = 8 };

    struct Ban {
        std::uint32_t step = 0;
        Time from{};
        Time until{};
        Time latest{};   // end of this and those before it
        const Prohibition* what = nullptr;
    };
    struct Times {
        Time first{};
        int count = 0;
        const Prohibition* what = nullptr;
    };
    struct Case {
        bool holds = false;                        // something in it is true
        std::map<std::uint32_t, Times> raised{};   // look-alikes
    };

    void index(Index Scorer::*into, const std::vector<std::string>& names, std::uint32_t step);
    void mark(const Index& index, const std::vector<std::string>& names, Trace trace);
    bool is_about(std::uint32_t step) const;
    void hold(const Finding& finding, std::uint32_t step, Case& in);
    void hold(const Action& action);
    static void note(Times& times, Time at);

    const TrueStory& truth_;
    Index events_{}, people_{}, patients_{}, systems_{};
    std::map<std::pair<std::string_view, std::string_view>, std::map<std::uint32_t, std::vector<Ban>>>
        bans_{};
    std::vector<std::optional<Time>> earliest_;             // true finding of each step
    std::vector<std::uint8_t> traces_;                      // of each step in the finding at hand
    Steps touched_{};                                       // those with any
    std::map<std::pair<std::string, int>, Case> cases_{};   // by name, or by line without one
    std::map<std::tuple<std::uint32_t, std::string, std::string>, Times> done_{};   // step, action, target
};

std::string to_json(const Score& score);

}   // namespace ward::lab
