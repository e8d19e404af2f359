// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/tcp_line.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "lab/frames/flow_name.hpp"
#include "lab/frames/hl7_wire.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr Moment start{sys_days{2026y / 3 / 2}};

/// What the receiver sums up: with the checksum in it, all ones (RFC 1071).
std::uint32_t sum_of(Bytes bytes, std::uint32_t sum = 0) {
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += std::to_integer<std::uint32_t>(bytes[i]) << (i % 2 == 0 ? 8 : 0);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

std::uint32_t number_at(const Buffer& bytes, std::size_t at, std::size_t size) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < size; ++i)
        number = number << 8 | std::to_integer<std::uint32_t>(bytes.at(at + i));
    return number;
}

TEST(Frame, HasSumsThatTheReceiverFindsRight) {
    const Route route{{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}, 0x0a140001, 0x0a140002, 64};
    for (const std::string_view payload : {"", "a", "ab", "MSH|^~\\&|EHR|ASHMERE|"}) {
        const auto frame = tcp_frame(route, 7, {.source_port = 40'000, .target_port = 2'575, .flags = 0x18},
                                     as_bytes(payload));
        const auto total = number_at(frame, 16, 2);
        EXPECT_EQ(total, 40 + payload.size());
        EXPECT_GE(frame.size(), 60U) << "as short as Ethernet allows";
        EXPECT_EQ(sum_of(Bytes{frame}.subspan(14, 20)), 0xffffU);
        const auto pseudo = sum_of(Bytes{frame}.subspan(26, 8), 6 + total - 20);
        EXPECT_EQ(sum_of(Bytes{frame}.subspan(34, total - 20), pseudo), 0xffffU);
    }
}

TEST(Tap, HandsFramesOnInTheOrderOfTime) {
    std::vector<Moment> seen;
    Tap tap{[&](const Frame& frame) { seen.push_back(frame.at); }};
    tap.add({start + 3s, {}});
    tap.add({start + 1s, {}});
    tap.pass(start + 2s);
    EXPECT_EQ(seen, std::vector<Moment>{start + 1s});
    tap.add({start + 2s, {}});
    tap.pass(start + 9s);
    EXPECT_EQ(seen, (std::vector<Moment>{start + 1s, start + 2s, start + 3s}));
}

struct Conversation {
    Conversation()
        : story(Size::clinic, 7, 2026y / 3 / 2),
          tap([this](const Frame& frame) { frames.push_back(frame); }) {}
    TcpLine line(std::uint64_t seed) {
        const auto& network = story.network();
        return {tap,
                network,
                {network.at(network.one_of(DeviceKind::ehr_server, 0)),
                 network.at(network.one_of(DeviceKind::ward_vault, 0)), 40'000, 2'575},
                Random{seed}};
    }
    /// What the server's side has received, in the order of its numbers.
    std::string received() {
        tap.pass(Moment::max());
        std::string text;
        std::uint32_t next = 0;
        for (const auto& frame : frames) {
            if (number_at(frame.bytes, 36, 2) != 2'575) continue;
            const auto sequence = number_at(frame.bytes, 38, 4);
            const auto header = 20 + 4 * (number_at(frame.bytes, 46, 1) >> 4);
            if ((number_at(frame.bytes, 47, 1) & tcp_flag::syn) != 0) next = sequence + 1;
            const auto size = 14 + number_at(frame.bytes, 16, 2) - (14 + header);
            if (size == 0 || sequence != next) continue;
            text += as_text(Bytes{frame.bytes}.subspan(14 + header, size));
            next += static_cast<std::uint32_t>(size);
        }
        return text;
    }
    Story story;
    std::vector<Frame> frames;
    Tap tap;
};

TEST(TcpLine, CarriesWhatItIsGivenInSegments) {
    for (std::uint64_t seed = 1; seed < 40; ++seed) {
        Conversation conversation;
        auto line = conversation.line(seed);
        std::string sent;
        auto at = start;
        for (int i = 0; i < 30; ++i) {
            const std::string message(static_cast<std::size_t>(i) * 211, static_cast<char>('a' + i % 26));
            at = line.send(Side::client, as_bytes(message), at + 1ms);
            at = line.send(Side::server, as_bytes("yes"), at);
            sent += message;
        }
        line.close(Side::client, at);
        EXPECT_EQ(conversation.received(), sent) << "seed " << seed;
        for (const auto& frame : conversation.frames) EXPECT_LE(frame.bytes.size(), 1'514U);
        EXPECT_TRUE(std::ranges::is_sorted(conversation.frames, {}, &Frame::at));
    }
}

TEST(TcpLine, WhatIsToldTooEarlyWaits) {
    Conversation conversation;
    auto line = conversation.line(7);
    const auto first = line.send(Side::client, as_bytes("one"), start);
    EXPECT_GT(line.send(Side::client, as_bytes("two"), start), first);
    EXPECT_EQ(conversation.received(), "onetwo");
}

std::vector<int> flags_of(const std::vector<Frame>& frames) {
    std::vector<int> flags;
    for (const auto& frame : frames) flags.push_back(static_cast<int>(number_at(frame.bytes, 47, 1)));
    return flags;
}

TEST(TcpLine, IsRefusedByAReset) {
    Conversation conversation;
    auto line = conversation.line(7);
    EXPECT_GT(line.refused(start), start);
    conversation.tap.pass(Moment::max());
    EXPECT_EQ(flags_of(conversation.frames),
              (std::vector<int>{tcp_flag::syn, tcp_flag::rst | tcp_flag::ack}));
    EXPECT_EQ(number_at(conversation.frames[1].bytes, 42, 4),
              number_at(conversation.frames[0].bytes, 38, 4) + 1);
}

TEST(TcpLine, AsksAgainWhereNobodyAnswers) {
    Conversation conversation;
    auto line = conversation.line(7);
    EXPECT_GT(line.unanswered(start, 3), start + 7s);
    conversation.tap.pass(Moment::max());
    EXPECT_EQ(flags_of(conversation.frames), (std::vector<int>(3, tcp_flag::syn)));
    EXPECT_GT(conversation.frames[2].at, conversation.frames[1].at + 2s);
}

/// Of those that the specification of Community ID 1.0 comes with.
TEST(FlowName, IsTheOneThatOthersCompute) {
    constexpr std::uint64_t client = 0x80e8'6e78ULL << 16 | 34'855, server = 0x4223'faccULL << 16 | 80;
    EXPECT_EQ(community_id({std::min(client, server), std::max(client, server), 6}),
              "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
}

TEST(FlowName, IsTheSameInBothDirections) {
    Conversation conversation;
    auto line = conversation.line(7);
    line.send(Side::server, as_bytes("yes"), line.send(Side::client, as_bytes("no"), start));
    conversation.tap.pass(Moment::max());
    ASSERT_GT(conversation.frames.size(), 4U);
    const auto first = flow_key(conversation.frames.front().bytes);
    ASSERT_TRUE(first);
    for (const auto& frame : conversation.frames) EXPECT_EQ(flow_key(frame.bytes), first);
}

TEST(Hl7Wire, AsksAndAnswersOnOneConnectionOfEachSystem) {
    Conversation conversation;
    Hl7Wire wire{conversation.tap, conversation.story};
    Hl7Message message;
    message.at = start;
    message.from = conversation.story.network().one_of(DeviceKind::ehr_server, 0);
    message.type = "ADT^A01";
    message.control_id = "1";
    message.text = "MSH|^~\\&|EHR|ASHMERE|WARD|ASHMERE|20260302||ADT^A01^ADT_A01|1|P|2.5.1\r";
    wire.carry(message);
    message.at += 1s;
    wire.carry(message);
    EXPECT_EQ(conversation.received(), "\x0b" + message.text + "\x1c\r\x0b" + message.text + "\x1c\r");
    const auto answers = std::ranges::count_if(conversation.frames, [](const Frame& frame) {
        return as_text(frame.bytes).find("\rMSA|AA|1\r") != std::string_view::npos;
    });
    EXPECT_EQ(answers, 2);
}

}   // namespace
}   // namespace ward::lab
