// SPDX-License-Identifier: Apache-2.0
#include "lab/days.hpp"

#include <gtest/gtest.h>
#include <set>

#include "lab/feeds/audit.hpp"

namespace ward::lab {
namespace {

/// What a day comes to.
class Count final : public Witness {
public:
    explicit Count(Days& days) : feed_(days.story(), [this](const Hl7Message&) { ++messages; }) {
        days.story().add_witness(*this);
    }
    void see(const Act& act, const Story& story) override {
        feed_.see(act, story);
        chart_accesses += std::holds_alternative<ChartOpened>(act.what);
        if (act.by) people.insert(*act.by);
    }

    std::uint64_t messages = 0;
    std::uint64_t chart_accesses = 0;
    std::set<StaffId> people;

private:
    Hl7Feed feed_;
};

// The ranges are those that Ward is designed for: what one hospital of 500 beds has in a day.
TEST(LargeHospital, HasAsManyMessagesAndAccessesADayAsWardIsDesignedFor) {
    const DaysWish wish{.scenario = scenario_named("quiet").value(), .size = Size::large, .seed = 7};
    Days days{wish};
    Count count{days};
    ASSERT_TRUE(days.begin());
    days.story().agenda().run_until(days.end());
    EXPECT_GT(count.messages, 500'000U);
    EXPECT_LT(count.messages, 1'000'000U);
    EXPECT_GT(count.chart_accesses, 300'000U);
    EXPECT_LT(count.chart_accesses, 600'000U);
    const auto staff = days.story().hospital().staff.size();
    EXPECT_GT(staff, 500 * 3U);   // three to six of them to a bed, as hospitals have
    EXPECT_LT(staff, 500 * 6U);
    EXPECT_GT(count.people.size(), staff / 4);   // at work on that day
}

}   // namespace
}   // namespace ward::lab
