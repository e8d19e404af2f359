// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/port_try.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "lab/frames/flow_name.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using Answer = PortTried::Answer;

class Tries : public ::testing::Test {
protected:
    void try_at(Address target, Answer answer) {
        const Wires::Belonging belonging{wires_, 3};
        try_port(wires_, console_, {target, 445, answer}, at_);
        at_ += minutes{1};
        tap_.pass(at_);
    }

    std::vector<Frame> frames_;
    Tap tap_{[this](const Frame& frame) { frames_.push_back(frame); }};
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Wires wires_{tap_, story_};
    Moment at_ = story_.begin();
    const Device& console_ = wires_.server(DeviceKind::modality, 0);
};

TEST_F(Tries, ANeighbourThatIsNotThereIsOnlyAskedFor) {
    try_at(console_.address + 200, Answer::none);
    EXPECT_EQ(frames_.size(), 3U);
    for (const auto& frame : frames_) {
        EXPECT_EQ(to_hex(Bytes{frame.bytes}.subspan(12, 2)), "0806") << "ARP";
        EXPECT_EQ(frame.label, 3U);
    }
}

TEST_F(Tries, BehindTheRouterNobodyAnswers) {
    try_at(console_.address + 0x2000, Answer::none);
    EXPECT_EQ(frames_.size(), 2U);
    EXPECT_TRUE(
        std::ranges::all_of(frames_, [](const Frame& frame) { return flow_key(frame.bytes).has_value(); }));
}

TEST_F(Tries, WhoIsThereTakesItOrRefuses) {
    const auto archive = wires_.server(DeviceKind::pacs, 0).address;
    try_at(archive, Answer::refused);
    EXPECT_EQ(frames_.size(), 2U);
    frames_.clear();
    try_at(archive, Answer::open);
    EXPECT_EQ(frames_.size(), 4U) << "a handshake, and broken off";
}

}   // namespace
}   // namespace ward::lab
