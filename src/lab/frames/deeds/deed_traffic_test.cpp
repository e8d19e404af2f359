// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/deeds/deed_traffic.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

class Shown : public ::testing::Test {
protected:
    void tell(NetworkUse use) {
        story_.tell({}, NetworkUsed{story_.network().one_of(DeviceKind::workstation, 0), "", std::move(use)},
                    3);
        tap_.pass(Moment::max());
    }
    bool all_are_labelled() const {
        return std::ranges::all_of(frames_, [](const Frame& frame) { return frame.label == 3; });
    }

    std::vector<Frame> frames_;
    Tap tap_{[this](const Frame& frame) { frames_.push_back(frame); }};
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Office office_{tap_, story_};
    DeedTraffic traffic_{office_};
    bool added_ = (story_.add_witness(traffic_), true);
};

TEST_F(Shown, ACallIsLookedUpAndMadeInFramesOfItsStep) {
    tell(SiteCalled{"a.example", 5'000'000, 300});
    std::size_t bytes = 0;
    for (const auto& frame : frames_) bytes += frame.bytes.size();
    EXPECT_GT(bytes, 5'000'000U);
    EXPECT_TRUE(all_are_labelled());
    EXPECT_TRUE(std::ranges::is_sorted(frames_, {}, &Frame::at));
}

TEST_F(Shown, WhatIsOrdinaryHasNoLabelAfterwards) {
    tell(SiteCalled{"a.example", 500, 300});
    EXPECT_EQ(office_.wires.label(), 0U);
}

TEST_F(Shown, ATryIsAnsweredAsTheStorySays) {
    using enum PortTried::Answer;
    const auto target = story_.network().at(story_.network().one_of(DeviceKind::pacs, 0)).address;
    tell(PortTried{target, 445, refused});
    EXPECT_EQ(frames_.size(), 2U);
    EXPECT_TRUE(all_are_labelled());
}

}   // namespace
}   // namespace ward::lab
