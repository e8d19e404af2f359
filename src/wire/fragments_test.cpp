// SPDX-License-Identifier: Apache-2.0
#include "wire/fragments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace ward::wire {
namespace {

using namespace std::chrono_literals;
using testing::Optional;

constexpr FrameTime noon{std::chrono::seconds{1'700'000'000}};

/// Fragments of one packet from 10.0.0.1 to 10.0.0.2 (or fd00::1 to fd00::2), and what becomes of them.
class FragmentsTest : public testing::Test {
protected:
    /// The text of the whole packet, if this piece made it whole.
    std::optional<std::string> piece(std::uint16_t offset, std::string_view text, bool more = true) {
        Ip ip;
        ip.source.family = ip.target.family = family;
        ip.source.bytes[15] = std::byte{1};
        ip.protocol = protocol;
        ip.fragment = Fragment{id, offset, more};
        ip.payload = as_bytes(text);
        const auto whole = fragments.add(ip, now);
        if (!whole) return std::nullopt;
        EXPECT_FALSE(whole->fragment);
        last_whole = *whole;
        return std::string{as_text(whole->payload)};
    }
    std::optional<std::string> last(std::uint16_t offset, std::string_view text) {
        return piece(offset, text, false);
    }

    Fragments fragments;
    IpAddress::Family family = IpAddress::Family::v4;
    std::uint8_t protocol = IpProtocol::udp;
    std::uint32_t id = 7;
    FrameTime now = noon;
    Ip last_whole;
};

TEST_F(FragmentsTest, APacketIsWholeWithItsLastMissingPieceInAnyOrder) {
    struct Part {
        std::uint16_t offset;
        std::string text;
    };
    const std::vector<Part> parts{{0, "aaaaaaaa"}, {8, "bbbbbbbb"}, {16, "cccccccc"}, {24, "dd"}};
    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), 0U);
    do {
        ++id;
        std::optional<std::string> whole;
        for (const auto i : order) {
            EXPECT_FALSE(whole);
            whole = piece(parts[i].offset, parts[i].text, i + 1 < parts.size());
        }
        EXPECT_THAT(whole, Optional(std::string{"aaaaaaaabbbbbbbbccccccccdd"}));
    } while (std::ranges::next_permutation(order).found);
    EXPECT_EQ(fragments.counts().reassembled, 24u);
    EXPECT_EQ(fragments.counts().overlaps, 0u);
    EXPECT_EQ(fragments.memory(), 0u);
    EXPECT_EQ(last_whole.length, 46u);
}

// RFC 791, 3.2: source, target, protocol and identification together.
TEST_F(FragmentsTest, TheSameIdentificationOfAnotherProtocolIsAnotherPacket) {
    piece(0, "aaaaaaaa");
    protocol = IpProtocol::icmp;
    EXPECT_EQ(last(8, "b"), std::nullopt);
    EXPECT_THAT(piece(0, "cccccccc"), Optional(std::string{"ccccccccb"}));
}

TEST_F(FragmentsTest, AClockThatWasSetBackKeepsNoneForEver) {
    piece(0, "aaaaaaaa");
    now -= std::chrono::hours{48};
    ++id;
    piece(0, "bbbbbbbb");
    EXPECT_EQ(fragments.counts().timed_out, 1u);
}

TEST_F(FragmentsTest, ARepeatedPieceIsNoOverlap) {
    piece(0, "aaaaaaaa");
    piece(0, "aaaaaaaa");
    EXPECT_THAT(last(8, "b"), Optional(std::string{"aaaaaaaab"}));
    EXPECT_EQ(fragments.counts().overlaps, 0u);
}

TEST_F(FragmentsTest, OfOverlappingPiecesTheFirstOneCountsInIpv4) {
    piece(8, "BBBBBBBB");
    piece(0, "aaaaaaaabbbbbbbbcccccccc");   // before, over and behind what is there
    EXPECT_THAT(last(24, "d"), Optional(std::string{"aaaaaaaaBBBBBBBBccccccccd"}));
    EXPECT_EQ(fragments.counts().overlaps, 1u);
}

TEST_F(FragmentsTest, AnotherContentAtTheSamePlaceIsCounted) {
    piece(0, "aaaaaaaa");
    piece(0, "xxxxxxxx");
    EXPECT_THAT(last(8, "b"), Optional(std::string{"aaaaaaaab"}));
    EXPECT_EQ(fragments.counts().overlaps, 1u);
}

TEST_F(FragmentsTest, OverlappingPiecesInIpv6TakeTheWholePacketWithThem) {
    family = IpAddress::Family::v6;
    piece(0, "aaaaaaaabbbbbbbb");
    piece(8, "xxxxxxxx");
    EXPECT_FALSE(last(16, "c"));
    EXPECT_FALSE(piece(0, "aaaaaaaabbbbbbbb"));
    EXPECT_EQ(fragments.counts().overlaps, 1u);
    EXPECT_EQ(fragments.memory(), 0u);
}

TEST_F(FragmentsTest, NothingIsBehindTheEndOfAPacket) {
    piece(1000, "zzzzzzzz");
    EXPECT_FALSE(last(16, "cccccccc"));   // an end before what is there already
    EXPECT_FALSE(piece(0, "aaaaaaaa"));
    EXPECT_EQ(fragments.counts().overlaps, 1u);
    EXPECT_EQ(fragments.counts().reassembled, 0u);
}

TEST_F(FragmentsTest, BytesBehindTheEndDoNotStandForMissingOnes) {
    EXPECT_FALSE(last(16, "cccccccc"));
    EXPECT_FALSE(piece(1000, "zzzzzzzz"));
    EXPECT_FALSE(piece(0, "aaaaaaaa"));
    EXPECT_THAT(piece(8, "bbbbbbbb"), Optional(std::string{"aaaaaaaabbbbbbbbcccccccc"}));
}

TEST_F(FragmentsTest, OnlyTheFirstOfTwoEndsCounts) {
    last(8, "bb");
    EXPECT_FALSE(last(8, "bbbb"));
    EXPECT_THAT(piece(0, "aaaaaaaa"), Optional(std::string{"aaaaaaaabb"}));
    EXPECT_EQ(fragments.counts().overlaps, 1u);
}

TEST_F(FragmentsTest, APieceThatIsNoMultipleOfEightIsShortenedAsHostsDo) {
    piece(0, "aaaaaaaaxyz");
    EXPECT_THAT(last(8, "b"), Optional(std::string{"aaaaaaaab"}));
    EXPECT_EQ(fragments.counts().overlaps, 0u);
}

TEST_F(FragmentsTest, InIpv6TheFirstPieceAloneSaysWhatIsInside) {
    family = IpAddress::Family::v6;
    protocol = 60;   // destination options: next UDP, eight bytes, padded
    piece(0, std::string_view{"\x11\0\1\4\0\0\0\0", 8});
    protocol = 99;
    EXPECT_THAT(last(8, "udp"), Optional(std::string{"udp"}));
    EXPECT_EQ(last_whole.protocol, IpProtocol::udp);
}

TEST_F(FragmentsTest, PiecesOfDifferentPacketsStayApart) {
    piece(0, "aaaaaaaa");
    ++id;
    EXPECT_FALSE(last(8, "b"));
    --id;
    EXPECT_THAT(last(8, "c"), Optional(std::string{"aaaaaaaac"}));
}

TEST_F(FragmentsTest, WhatStaysIncompleteIsForgottenInTime) {
    piece(0, "aaaaaaaa");
    now += 31s;
    EXPECT_FALSE(last(8, "b"));
    EXPECT_EQ(fragments.counts().timed_out, 1u);
}

TEST_F(FragmentsTest, AFragmentThatTheCaptureCutIsNotUsed) {
    Ip ip;
    ip.source.family = IpAddress::Family::v4;
    ip.fragment = Fragment{1, 0, true};
    ip.missing = 1;
    ip.payload = as_bytes("aaaaaaaa");
    EXPECT_FALSE(fragments.add(ip, now));
    EXPECT_EQ(fragments.memory(), 0u);
}

TEST_F(FragmentsTest, APingOfDeathIsNoPacket) {
    piece(0, std::string(65'528, 'a'));
    EXPECT_FALSE(last(65'528, "bbbbbbbb"));
    EXPECT_EQ(fragments.counts().evicted, 1u);
    EXPECT_EQ(fragments.memory(), 0u);
}

TEST_F(FragmentsTest, APacketOfTooManyPiecesIsGivenUp) {
    fragments = Fragments{{.fragments_max = 4}};
    for (std::uint16_t i = 0; i < 5; ++i) piece(static_cast<std::uint16_t>(i * 8), "aaaaaaaa");
    EXPECT_FALSE(last(40, "b"));
    EXPECT_EQ(fragments.counts().evicted, 1u);
    EXPECT_EQ(fragments.memory(), 0u);
}

TEST_F(FragmentsTest, TheOldestPacketGivesWayToTheNewest) {
    fragments = Fragments{{.packets_max = 2}};
    for (id = 1; id <= 4; ++id) piece(0, "aaaaaaaa");
    EXPECT_EQ(fragments.counts().evicted, 1u);   // seen when the next fragment comes
    id = 1;
    EXPECT_FALSE(last(8, "b"));
    id = 4;
    EXPECT_THAT(last(8, "b"), Optional(std::string{"aaaaaaaab"}));
}

TEST_F(FragmentsTest, AnEndlessStreamOfFragmentsStaysBelowTheLimit) {
    constexpr std::size_t limit = 1U << 20U;
    fragments = Fragments{{.bytes_max = limit}};
    std::mt19937 random{4};
    const std::string text(1480, 'x');
    for (id = 0; id < 20'000; ++id) {
        const auto offset = static_cast<std::uint16_t>(random() % 8000 * 8);
        EXPECT_FALSE(piece(offset, std::string_view{text}.substr(0, random() % 185 * 8)));
        ASSERT_LT(fragments.memory(), limit + text.size() + 100);
    }
    EXPECT_GT(fragments.counts().evicted, 10'000u);
}

}   // namespace
}   // namespace ward::wire
