// SPDX-License-Identifier: Apache-2.0
// What is no part of a scenario happens as it would have happened without it.
#include <algorithm>
#include <gtest/gtest.h>
#include <iterator>
#include <set>

#include "lab/days.hpp"
#include "lab/feeds/hl7_feed.hpp"
#include "lab/frames/traffic.hpp"

namespace ward::lab {
namespace {

constexpr std::uint64_t seed = 7;

/// All that belongs to no step, a number for each.
struct Seen {
    std::set<std::uint64_t> acts;
    std::set<std::uint64_t> conversations;
};

std::uint64_t mixed(std::uint64_t hash, std::uint64_t with) { return (hash ^ with) * 0x100000001b3; }
std::uint64_t number_of(Moment at) { return static_cast<std::uint64_t>(at.time_since_epoch().count()); }

/// A connection goes on as it began, but for what else is sent over it: it is known by its first segment.
bool goes_on(const Frame& frame) {
    constexpr std::size_t protocol = 23, flags = 47;
    return frame.bytes.size() > flags && frame.bytes[protocol] == std::byte{6} &&
           frame.bytes[flags] != std::byte{tcp_flag::syn};
}

class Look final : public Witness {
public:
    Look(Days& days, Seen& seen)
        : seen_(seen),
          traffic_(
              days.story(), [this](const Frame& frame) { take(frame); }, [](const DicomFile&) {}),
          hl7_(days.story(), [this](const Hl7Message& message) { traffic_.carry(message); }) {
        days.story().add_witness(*this);
    }
    void see(const Act& act, const Story& story) override {
        traffic_.see(act, story);
        hl7_.see(act, story);
        if (act.label == 0)
            seen_.acts.insert(mixed(mixed(number_of(act.at), act.what.index()), act.by ? place(*act.by) : 0));
    }
    void finish() { traffic_.pass(Moment::max()); }

private:
    void take(const Frame& frame) {
        if (frame.label != 0 || goes_on(frame)) return;
        auto hash = number_of(frame.at);
        for (const auto byte : frame.bytes) hash = mixed(hash, std::to_integer<std::uint64_t>(byte));
        seen_.conversations.insert(hash);
    }

    Seen& seen_;
    Traffic traffic_;
    Hl7Feed hl7_;
};

Seen seen_in(const Scenario& scenario) {
    const DaysWish wish{.scenario = scenario, .size = Size::small, .seed = seed};
    Days days{wish};
    Seen seen;
    Look look{days, seen};
    EXPECT_TRUE(days.begin());
    days.story().agenda().run_until(days.end());
    look.finish();
    return seen;
}

std::size_t missing(const std::set<std::uint64_t>& wanted, const std::set<std::uint64_t>& there) {
    std::vector<std::uint64_t> gone;
    std::ranges::set_difference(wanted, there, std::back_inserter(gone));
    return gone.size();
}

// Of these nobody of the house takes notice in time to do anything otherwise.
TEST(AScenario, LeavesAllElseAsItWouldHaveBeen) {
    auto calm = scenario_named("quiet").value();
    calm.steps.clear();
    const auto without = seen_in(calm);
    ASSERT_GT(without.acts.size(), 10'000U);
    ASSERT_GT(without.conversations.size(), 100'000U);
    for (const auto* name : {"worm", "kerberoast", "malformed-feeds"}) {
        const auto scenario = scenario_named(name).value();
        ASSERT_EQ(scenario.days, calm.days) << name;
        const auto with = seen_in(scenario);
        EXPECT_EQ(missing(without.acts, with.acts), 0U) << name << ", seed " << seed;
        EXPECT_EQ(missing(without.conversations, with.conversations), 0U) << name << ", seed " << seed;
    }
}

// Its silence is a part of it; what else goes on with that partner, and a little that follows, is all: a name
// that is known sooner, and with it the clock that all others ask set a moment before.
TEST(AScenario, ChangesOnlyWhatFollowsFromIt) {
    const auto scenario = scenario_named("partner-lost").value();
    auto calm = scenario;
    calm.steps.clear();
    const auto without = seen_in(calm), with = seen_in(scenario);
    EXPECT_LT(missing(without.acts, with.acts) * 100, without.acts.size()) << "seed " << seed;
    EXPECT_LT(missing(without.conversations, with.conversations) * 20, without.conversations.size())
        << "seed " << seed;
}

}   // namespace
}   // namespace ward::lab
