// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/old_shares.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace ward::lab {
namespace {

using namespace std::chrono;

TEST(OldSmb, AMessageIsAHeadItsWordsAndItsBytes) {
    // MS-CIFS 2.2.3: a tree is left; no words, no bytes.
    const auto message = old_smb_message(
        {.command = OldSmbCommand::tree_disconnect, .tree = 1, .user = 2, .process = 3, .message = 4},
        old_smb_nothing());
    EXPECT_EQ(to_hex(message),
              "00000023"
              "ff534d4271000000001801c0"
              "000000000000000000000000"
              "0100030002000400"
              "000000");
}

TEST(OldSmb, WhatItSaysOfPlacesHolds) {
    const auto first = old_smb_control({.function = 4, .file = 1, .bytes = 9}, Buffer(5, std::byte{0xaa}));
    // 2.2.4.62.1: DataOffset is the ninth field; a header of 32 bytes and two counts stand before.
    const auto offset = std::to_integer<std::size_t>(first.words[31]);
    EXPECT_EQ(offset % 4, 0U);
    EXPECT_EQ(first.bytes.size(), offset - (32 + 1 + first.words.size() + 2) + 5);
}

class OldShare : public ::testing::Test {
protected:
    std::size_t bytes_of(Moment (OldShares::*use)(const Device&, const Device&, Moment)) {
        frames_.clear();
        const auto consoles = story_.network().of(DeviceKind::modality, 0);
        (shares_.*use)(story_.network().at(consoles[0]), story_.network().at(consoles[1]), at_);
        at_ += hours{1};
        tap_.pass(at_);
        std::size_t bytes = 0;
        for (const auto& frame : frames_) bytes += frame.bytes.size();
        return bytes;
    }
    bool all_are_of_smb() const {
        return std::ranges::all_of(frames_, [](const Frame& frame) {
            const auto ports = to_hex(Bytes{frame.bytes}.subspan(34, 4));
            return ports.starts_with("01bd") || ports.ends_with("01bd");
        });
    }

    std::vector<Frame> frames_;
    Tap tap_{[this](const Frame& frame) { frames_.push_back(frame); }};
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Wires wires_{tap_, story_};
    OldShares shares_{wires_};
    Moment at_ = story_.begin();
};

TEST_F(OldShare, AWormHasMuchToSayAndAConsoleToo) {
    EXPECT_GT(bytes_of(&OldShares::overrun), 60'000U);
    EXPECT_TRUE(all_are_of_smb());
    EXPECT_GT(bytes_of(&OldShares::work), 3'000U);
    EXPECT_TRUE(all_are_of_smb());
}

TEST_F(OldShare, AScannerOnlyAsks) {
    const auto bytes = bytes_of(&OldShares::question);
    EXPECT_GT(bytes, 800U);
    EXPECT_LT(bytes, 40'000U);
    EXPECT_TRUE(all_are_of_smb());
}

TEST_F(OldShare, WhoKnowsNothingSoOldBreaksOff) {
    bytes_of(&OldShares::fail);
    ASSERT_FALSE(frames_.empty());
    const auto flags = std::to_integer<std::uint8_t>(frames_.back().bytes[47]);
    EXPECT_NE(flags & tcp_flag::rst, 0);
}

}   // namespace
}   // namespace ward::lab
