// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/chores.hpp"

#include <gtest/gtest.h>

namespace ward::lab {
namespace {

using namespace std::chrono;

class ChoresOfAWeek : public testing::Test {
protected:
    /// How often one machine does it from Monday to Sunday, by day and at night.
    void live(Chores::Pace pace) {
        chores_.repeat(story_.network().devices.front(), pace, [this](const Device&, Moment at) {
            const auto hour = hour_of(at);
            ++(is_weekend(at) ? at_weekends_ : hour >= 6 && hour < 20 ? by_day_ : at_night_);
        });
        story_.agenda().run_until(story_.begin() + weeks{1});
    }

    Story story_{Size::clinic, 7, 2026y / 3 / 2};
    Tap tap_{[](const Frame&) {}};
    Wires wires_{tap_, story_};
    Chores chores_{wires_, "chores"};
    int by_day_ = 0, at_night_ = 0, at_weekends_ = 0;
};

TEST_F(ChoresOfAWeek, AreDoneAsOftenAsTheirPaceSays) {
    live({minutes{10}, 1.05});
    EXPECT_NEAR(by_day_, 5 * 14 * 6, 15);
    EXPECT_NEAR(at_night_, 5 * 10 * 6, 15);
    EXPECT_NEAR(at_weekends_, 2 * 24 * 6, 15);
}

TEST_F(ChoresOfAWeek, AreSeldomDoneAtNightAndAtWeekends) {
    live({minutes{10}, 1.05, 0.25, 0});
    EXPECT_NEAR(by_day_, 5 * 14 * 6, 15);
    EXPECT_NEAR(at_night_, 5 * 10 * 6 / 4, 30);
    EXPECT_EQ(at_weekends_, 0);
}

}   // namespace
}   // namespace ward::lab
