// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/deeds/device_deed_traffic.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace ward::lab {
namespace {

using namespace std::chrono;

class OnTheWire : public ::testing::Test {
protected:
    void tell(DeviceUse use) {
        const auto from = story_.network().one_of(DeviceKind::workstation, 0);
        story_.tell({}, NetworkUsed{from, "", std::move(use)}, 3);
        tap_.pass(Moment::max());
    }
    bool all_are_labelled() const {
        return std::ranges::all_of(frames_, [](const Frame& frame) { return frame.label == 3; });
    }

    std::ptrdiff_t labelled() const { return std::ranges::count(frames_, 3U, &Frame::label); }

    std::vector<Frame> frames_;
    Tap tap_{[this](const Frame& frame) { frames_.push_back(frame); }};
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Office office_{tap_, story_};
    DeviceTraffic devices_{office_.wires, [](const DicomFile&) {}};
    DeviceDeedTraffic traffic_{office_, devices_};
    bool added_ = (story_.add_witness(traffic_), true);
};

TEST_F(OnTheWire, AMachineThatIsPluggedInAsksForAnAddress) {
    tell(PluggedIn{});
    EXPECT_GE(frames_.size(), 5U);
    EXPECT_TRUE(all_are_labelled());
}

TEST_F(OnTheWire, AQuestionToAPumpBelongsToItsStep) {
    tell(PumpSpokenTo{story_.network().one_of(DeviceKind::pump, 0), PumpSpokenTo::What::rate, 40});
    EXPECT_GE(frames_.size(), 7U);
    EXPECT_TRUE(all_are_labelled());
}

TEST_F(OnTheWire, EachTroubleOfAnArchiveIsShown) {
    for (std::uint8_t how = 0; how <= static_cast<std::uint8_t>(ArchiveDisturbed::How::odd_but_legal);
         ++how) {
        const auto before = labelled();
        const auto from = story_.network().one_of(DeviceKind::modality, 0);
        story_.tell({}, NetworkUsed{from, "", DeviceUse{ArchiveDisturbed{ArchiveDisturbed::How{how}}}}, 3);
        story_.agenda().run_until(story_.now() + minutes{5});
        tap_.pass(story_.now());
        EXPECT_GT(labelled(), before + 3);
    }
}

}   // namespace
}   // namespace ward::lab
