// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/pump_traffic.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <set>

#include "lab/frames/flow_name.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

class Pumps : public ::testing::Test {
protected:
    void live(microseconds span) {
        const auto until = story_.now() + span;
        while (story_.now() < until) {
            story_.agenda().run_until(story_.now() + 1min);
            tap_.pass(story_.now());
        }
    }
    void tell(DeviceId pump) {
        const Act act{.at = story_.now(), .what = InfusionTold{{}, pump, 0, 50, 12}};
        traffic_.see(act);
        tap_.pass(Moment::max());
    }
    std::string said() const {
        std::string all;
        for (const auto& frame : frames_) all += as_text(frame.bytes);
        return all;
    }

    std::vector<Frame> frames_;
    Tap tap_{[this](const Frame& frame) { frames_.push_back(frame); }};
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Wires wires_{tap_, story_};
    PumpTraffic traffic_{wires_};
    const Network& network_ = story_.network();
    DeviceId gateway_ = network_.one_of(DeviceKind::pump_gateway, 0);
};

TEST_F(Pumps, AreAskedByTheirGatewayWhatTheyAre) {
    live(20min);
    EXPECT_THAT(said(), HasSubstr("/GetService/GetMdibResponse"));
    EXPECT_THAT(said(), HasSubstr("<wse:Subscribe>"));
}

TEST_F(Pumps, AnswerWhoeverSeeksThem) {
    traffic_.seek(network_.at(gateway_));
    tap_.pass(Moment::max());
    const auto answers = std::ranges::count_if(frames_, [](const Frame& frame) {
        return as_text(frame.bytes).find("ProbeMatches>") != std::string_view::npos;
    });
    EXPECT_EQ(static_cast<std::size_t>(answers), network_.of(DeviceKind::pump, 0).size());
    EXPECT_TRUE(std::ranges::all_of(frames_, [](const Frame& one) { return one.bytes.size() <= 1'514; }));
}

TEST_F(Pumps, GoOnWithWhoeverHasTheirGatewaysAddress) {
    const Mac mac{2, 0, 0, 0, 0, 9};
    const auto pump = network_.of(DeviceKind::pump, 0).front();
    {
        const Wires::Belonging belonging{wires_, 4};
        traffic_.move(GatewayMoved{gateway_, mac, true});
    }
    tell(pump);
    std::set<std::string> targets;
    for (const auto& frame : frames_)
        if (flow_key(frame.bytes)) {
            EXPECT_EQ(frame.label, 4U);
            targets.insert(to_hex(Bytes{frame.bytes}.first(6)));
        }
    EXPECT_TRUE(targets.contains("020000000009"));
}

TEST_F(Pumps, AreAnnouncedToAllTwice) {
    traffic_.start(network_.of(DeviceKind::pump, 0).front());
    tap_.pass(Moment::max());
    ASSERT_EQ(frames_.size(), 2U);
    EXPECT_EQ(to_hex(Bytes{frames_[0].bytes}.first(6)), "01005e7ffffa");
    EXPECT_THAT(said(), HasSubstr("<wsd:Hello>"));
}

}   // namespace
}   // namespace ward::lab
