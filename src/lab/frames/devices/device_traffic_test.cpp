// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/device_traffic.hpp"

#include <gtest/gtest.h>
#include <map>

#include "lab/day_test.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

/// A small hospital's day, with what its devices said.
struct Day {
    Day() {
        story.add_witness(clock);
        story.add_witness(devices);
        Care care{story, story.begin() + days{1}};
        care.begin();
        story.agenda().run_until(story.begin() + days{1});
        tap.pass(Moment::max());
    }
    void look(const Act& act) {
        tap.pass(act.at);
        if (const auto* taken = std::get_if<StudyTaken>(&act.what)) studies[taken->order].taken = act.at;
        const auto* filed = std::get_if<ResultFiled>(&act.what);
        if (filed != nullptr && story.at(filed->order).kind == OrderKind::imaging)
            studies[filed->order].reported = act.at;
    }
    struct Study {
        Moment taken{};
        Moment reported = Moment::max();
    };
    Story story{Size::small, 7, 2026y / 3 / 2};
    std::uint64_t frames = 0;
    Tap tap{[this](const Frame&) { ++frames; }};
    std::map<std::string, Moment> pictures;
    Wires wires{tap, story};
    DeviceTraffic devices{wires, [this](const DicomFile& file) { pictures[file.name] = story.now(); }};
    Onlooker clock{[this](const Act& act, const Story&) { look(act); }};
    std::map<OrderId, Study> studies;
};

TEST(DeviceTraffic, SendsPicturesBehindTheirTakingAndBeforeTheirReport) {
    const Day day;
    std::size_t found = 0;
    for (const auto& [order, study] : day.studies) {
        const auto picture = day.pictures.find(day.story.at(order).filler + "-1.dcm");
        if (picture == day.pictures.end()) continue;
        ++found;
        EXPECT_GT(picture->second, study.taken);
        EXPECT_LT(picture->second, study.reported);
    }
    EXPECT_GT(found, 1U);
    EXPECT_NEAR(static_cast<double>(found), static_cast<double>(day.studies.size()) / 10, 1);
}

TEST(DeviceTraffic, IsTheSameForTheSameSeed) {
    const Day one, other;
    EXPECT_EQ(one.frames, other.frames);
    EXPECT_EQ(one.pictures, other.pictures);
}

}   // namespace
}   // namespace ward::lab
