// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "wire/tcp_line_test.hpp"

namespace ward::wire {
namespace {

TEST(TcpStream, WhatComesInOrderIsNotCopied) {
    Line line;
    const std::string_view text = "in order";
    line.send(0, text);
    EXPECT_EQ(line.said, "in order");
    EXPECT_EQ(line.place, as_bytes(text).data());
}

TEST(TcpStream, WhatComesEarlyWaits) {
    Line line;
    line.send(4, "efgh");
    EXPECT_EQ(line.said, "");
    line.send(8, "ij").send(0, "abcd");
    EXPECT_EQ(line.said, "abcdefghij");
    EXPECT_EQ(line.stream.counts().delivered, 10u);
    EXPECT_EQ(line.stream.counts().overlaps, 0u);
}

TEST(TcpStream, AnyOrderOfSegmentsGivesTheSameBytes) {
    constexpr unsigned seed = 20;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    std::string text;
    for (int i = 0; i < 2000; ++i) text += static_cast<char>('a' + i % 26);
    for (int round = 0; round < 200; ++round) {
        std::vector<std::pair<std::size_t, std::size_t>> cuts;   // place, size
        for (std::size_t at = 0; at < text.size();) {
            const auto size = std::min<std::size_t>(1 + random() % 60, text.size() - at);
            cuts.emplace_back(at, size);
            at += size;
        }
        std::ranges::shuffle(cuts, random);
        Line line{static_cast<std::uint32_t>(random())};
        for (const auto& [at, size] : cuts)
            line.send(static_cast<std::int64_t>(at), std::string_view{text}.substr(at, size));
        ASSERT_EQ(line.said, text) << "round " << round;
    }
}

TEST(TcpStream, NumbersGoOnAfterTheirLargest) {
    Line line{0xfffffffcU};
    line.send(6, "gh").send(0, "abc").send(3, "def").acknowledge(8);
    EXPECT_EQ(line.said, "abcdefgh");
    EXPECT_EQ(line.stream.next_sequence(), 4u);
}

TEST(TcpStream, ARetransmissionIsCountedAndNotToldAgain) {
    Line line;
    line.send(0, "abcdef").send(2, "cdef").send(4, "efgh");
    EXPECT_EQ(line.said, "abcdefgh");
    EXPECT_EQ(line.stream.counts().retransmitted, 6u);
    EXPECT_EQ(line.stream.counts().conflicts, 0u);
}

TEST(TcpStream, ARetransmissionWithOtherBytesIsAConflictAndTheFirstOnesStay) {
    Line line;
    line.send(0, "abcdef").send(2, "cXef").send(4, "eYgh");
    EXPECT_EQ(line.said, "abcdefgh");
    EXPECT_EQ(line.stream.counts().conflicts, 2u);
}

TEST(TcpStream, WhatWasAcknowledgedIsNotCompared) {
    Line line;
    line.send(0, "abcdef").acknowledge(6).send(5, "?");   // as keep-alives do
    EXPECT_EQ(line.stream.counts().conflicts, 0u);
    EXPECT_EQ(line.stream.counts().retransmitted, 1u);
    EXPECT_EQ(line.said, "abcdef");
}

TEST(TcpStream, OnlyTheLastUnacknowledgedBytesAreKeptToCompareWith) {
    Line line;
    line.limits.unacknowledged_bytes_max = 4;
    line.send(0, "abcdef").send(6, "gh").send(0, "XXXXXXXX").send(2, "XX").send(4, "ef");
    EXPECT_EQ(line.stream.counts().conflicts, 1u);
    EXPECT_EQ(line.stream.counts().retransmitted, 4u);
    for (int i = 2; i < 1000; ++i) line.send(i * 4, "0123");
    EXPECT_LT(line.stream.memory(), 64u);
}

TEST(TcpStream, RetransmissionsAreComparedWithTheLastBytesHoweverTheyCame) {
    constexpr unsigned seed = 7;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    const auto upto = [&](std::size_t most) { return static_cast<std::size_t>(random() % (most + 1)); };
    Line line;
    line.limits.unacknowledged_bytes_max = 16;
    std::string all;
    std::size_t acknowledged = 0;
    std::uint64_t conflicts = 0;
    for (int step = 0; step < 20'000; ++step) {
        const auto kind = random() % 4;
        if (kind == 0) {
            acknowledged += upto(all.size() - acknowledged);
            line.acknowledge(static_cast<std::int64_t>(acknowledged));
        } else if (kind == 1 || all.size() < 40) {
            std::string fresh(1 + upto(20), 'a');
            for (auto& c : fresh) c = static_cast<char>('a' + random() % 3);
            line.send(static_cast<std::int64_t>(all.size()), fresh);
            all += fresh;
        } else {
            const auto begin = all.size() - 1 - upto(30);
            auto again = all.substr(begin, 1 + upto(20));
            const auto changed = begin + upto(again.size() - 1);
            again[changed - begin] = kind == 2 ? 'X' : again[changed - begin];
            line.send(static_cast<std::int64_t>(begin), again);
            const auto known = all.size() - std::min<std::size_t>(all.size() - acknowledged, 16);
            conflicts += kind == 2 && changed >= known ? 1 : 0;
        }
        ASSERT_EQ(line.stream.counts().conflicts, conflicts) << "step " << step;
    }
    EXPECT_GT(conflicts, 1000u);
    EXPECT_EQ(line.said, all);
}

TEST(TcpStream, AHoleThatTheReceiverAcknowledgedWasLostByTheCapture) {
    Line line;
    line.send(0, "ab").send(5, "fg").acknowledge(2).acknowledge(2).acknowledge(7).acknowledge(7);
    EXPECT_EQ(line.said, "ab") << "it may still be on its way";
    line.acknowledge(7);
    EXPECT_EQ(line.said, "ab[3]fg");
    EXPECT_EQ(line.stream.counts().lost, 3u);
}

TEST(TcpStream, AnAnswerProvesAtOnceThatTheCaptureLostWhatIsBeforeIt) {
    Line line;
    line.send(0, "ab").send(5, "fg").answer(5);
    EXPECT_EQ(line.said, "ab") << "it says nothing of what waits";
    line.answer(7);
    EXPECT_EQ(line.said, "ab[3]fg");
    line.answer(12);
    EXPECT_EQ(line.said, "ab[3]fg") << "what was not seen yet may still come";
}

TEST(TcpStream, PatienceBeginsAnewWithEachHole) {
    Line line;
    line.send(2, "cd").acknowledge(4).acknowledge(4).send(0, "ab").send(6, "gh").acknowledge(8);
    EXPECT_EQ(line.said, "abcd");
    line.acknowledge(8).acknowledge(8);
    EXPECT_EQ(line.said, "abcd[2]gh");
}

TEST(TcpStream, WhatWaitedKeepsItsTime) {
    TcpStream stream;
    std::vector<std::pair<std::string, std::int64_t>> told;
    const auto reader = [&](const StreamPiece& piece) {
        told.emplace_back(as_text(piece.bytes), piece.at.time_since_epoch().count());
    };
    const auto at = [](int time) { return FrameTime{std::chrono::nanoseconds{time}}; };
    stream.start(0);
    stream.segment({2, as_bytes("cd"), 0, at(10)}, Overlap::first, {}, reader);
    stream.segment({0, as_bytes("ab"), 0, at(20)}, Overlap::first, {}, reader);
    EXPECT_EQ(told, (std::vector<std::pair<std::string, std::int64_t>>{{"ab", 20}, {"cd", 10}}));
}

TEST(TcpStream, WhatTheReceiverHadAtTheEndAndNobodySawWasLost) {
    EXPECT_EQ(Line{}.send(0, "ab").acknowledge(10).finish().said, "ab[8]");
    EXPECT_EQ(Line{}.send(0, "ab").acknowledge(11).finish(10).said, "ab[8]") << "a FIN is no byte";
    EXPECT_EQ(Line{}.send(0, "ab").acknowledge(3).finish(2).said, "ab");
    EXPECT_EQ(Line{}.send(0, "ab").acknowledge(3).finish().said, "ab") << "the FIN was not seen";
    EXPECT_EQ(Line{}.send(0, "ab").acknowledge(10).send(2, "cdefghij").acknowledge(10).finish().said,
              "abcdefghij");
}

TEST(TcpStream, WhatIsPastTheReceiversWindowIsNotBelieved) {
    Line line;
    line.send(0, "ab").acknowledge(2, 70'000);
    line.send(140'010, "far").acknowledge(140'013).acknowledge(140'013).acknowledge(140'013);
    EXPECT_EQ(line.said, "ab");
    EXPECT_EQ(line.stream.counts().leaps, 1u);
    line.send(139'000, "y").send(2, "cd");
    EXPECT_EQ(line.said, "abcd") << "one window more than the last one that was seen is";
    EXPECT_EQ(line.stream.counts().leaps, 1u);
}

TEST(TcpStream, WhereNoAcknowledgementsAreSeenAnyMoreTheWindowIsForgotten) {
    Line line;
    line.limits.leap_patience = 3;
    line.send(0, "ab").acknowledge(2, 10);
    for (int i = 0; i < 5; ++i) line.send(100'000 + i, "x");
    EXPECT_EQ(line.said, "ab[100000]xxx");
}

// Three forged acknowledgements behind one forged segment.
TEST(TcpStream, GoesBackIntoAHoleThatWasGivenUpWrongly) {
    Line line;
    line.send(0, "ab").send(1000, "forged");
    for (int i = 0; i < 3; ++i) line.acknowledge(1006);
    EXPECT_EQ(line.said, "ab[998]forged");
    line.send(2, "cd").send(4, "ef").send(6, "gh").send(8, "ij").send(10, "kl").send(12, "mn");
    EXPECT_EQ(line.said, "ab[998]forged[1]ijklmn");
    EXPECT_GE(line.stream.counts().late, 3u);
}

TEST(TcpStream, HolesBetweenForgedCrumbsAreOneThatItGoesBackInto) {
    Line line;
    line.limits.waiting_segments_max = 8;
    line.send(0, "ab");
    for (int i = 0; i < 20; ++i) line.send(1000 + 2 * i, "x");
    line.send(2, "cd").send(4, "ef").send(6, "gh").send(8, "ij").send(10, "kl");
    EXPECT_THAT(line.said, testing::EndsWith("[1]ijkl"));
}

TEST(TcpStream, OneLateSegmentIsNoReasonToGoBack) {
    Line line;
    line.send(0, "ab").send(100, "cd").answer(102).send(2, "?").send(102, "ef").send(50, "?").send(104, "gh");
    EXPECT_EQ(line.said, "ab[98]cdefgh");
    EXPECT_EQ(line.stream.counts().late, 2u);
}

TEST(TcpStream, WhatIsNotWhereTheLastBytesWereIsNotComparedWithThem) {
    Line line;
    line.limits.leap_patience = 1;
    line.send(0, "abcd").send(6, "gh").answer(8).send(4, "??");
    EXPECT_EQ(line.stream.counts().conflicts, 0u) << "those of a hole";
    line.send(0x20000000, "xy").send(0x1fffffff, "?");
    EXPECT_EQ(line.stream.counts().conflicts, 0u) << "those before a leap";
}

TEST(TcpStream, OneSegmentThatIsTooLargeToWaitIsCut) {
    Line line;
    line.limits.waiting_bytes_max = 100;
    line.send(10, std::string(5000, 'x'));
    EXPECT_LT(line.stream.memory(), 300u);
}

TEST(TcpStream, WhatWaitsAtTheEndIsToldWithItsHoles) {
    Line line;
    line.send(2, "cd").send(8, "i").finish();
    EXPECT_EQ(line.said, "[2]cd[4]i");
    EXPECT_EQ(line.stream.counts().lost, 6u);
    EXPECT_EQ(line.stream.memory(), 0u);
}

TEST(TcpStream, AStreamWithoutItsBeginningIsPickedUpAtTheFirstSegment) {
    TcpStream stream;
    std::string said;
    const auto reader = [&](const StreamPiece& piece) { said += as_text(piece.bytes); };
    stream.acknowledged({500}, {}, reader);
    EXPECT_FALSE(stream.started());
    stream.segment({77, as_bytes("ab"), 0}, Overlap::first, {}, reader);
    stream.segment({79, as_bytes("cd"), 0}, Overlap::first, {}, reader);
    EXPECT_EQ(said, "abcd");
}

TEST(TcpStream, TheLastBeginningBeforeAnyByteCounts) {
    Line line{100};
    line.stream.start(5000);
    line.send(4900, "ab");
    EXPECT_EQ(line.said, "ab");
    line.stream.start(9000);
    line.send(4902, "cd");
    EXPECT_EQ(line.said, "abcd");
}

TEST(TcpStream, TheUrgentByteIsOutOfBand) {
    Line line;
    line.send(0, "abXcd", 3).send(5, "Yef", 1).send(8, "ghZ", 3);
    EXPECT_EQ(line.said, "abcdefgh");
    EXPECT_EQ(line.stream.counts().urgent, 3u);
    line.send(11, "ij", 9);   // points past this segment
    EXPECT_EQ(line.said, "abcdefghij");
}

TEST(TcpStream, TheUrgentByteKeepsItsPlaceWhileItWaits) {
    Line line;
    line.send(4, "ef").send(3, "defgX", 5).send(0, "abc");
    EXPECT_EQ(line.said, "abcdefg");
    EXPECT_EQ(line.stream.counts().urgent, 1u);
    line.send(6, "gXhYi", 4);   // two bytes of it are old
    EXPECT_EQ(line.said, "abcdefghi");
}

/// The slow way: every byte by its number, the first one stays.
class Reference {
public:
    void send(std::size_t at, std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) bytes_.try_emplace(at + i, text[i]);
        for (auto next = bytes_.find(said.size()); next != bytes_.end(); next = bytes_.find(said.size()))
            said += next->second;
    }
    std::string said;

private:
    std::map<std::size_t, char> bytes_;
};

TEST(TcpStream, AgreesWithTheSlowWayOnAnySegments) {
    constexpr unsigned seed = 1981;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    for (int round = 0; round < 2000; ++round) {
        Line line{static_cast<std::uint32_t>(random())};
        Reference reference;
        for (int i = 0; i < 40; ++i) {
            const auto at = random() % 60;
            std::string text(1 + random() % 12, ' ');
            for (auto& c : text) c = static_cast<char>('a' + random() % 26);
            line.send(static_cast<std::int64_t>(at), text);
            reference.send(at, text);
            ASSERT_EQ(line.said, reference.said) << "round " << round << ", segment " << i;
        }
    }
}

TEST(TcpStream, ASegmentOutsideOfAnyWindowIsNotBelieved) {
    Line line;
    line.send(0, "ab").send(1U << 25U, "forged").send(-(1 << 25), "forged").send(2, "cd");
    EXPECT_EQ(line.said, "abcd");
    EXPECT_EQ(line.stream.counts().leaps, 2u);
    for (int i = 0; i < 100; ++i) line.send(1 << 25, "forged").send(4 + i, "e");
    EXPECT_EQ(line.said, "abcd" + std::string(100, 'e'));
}

TEST(TcpStream, OnlyNeighboursProveThatAStreamIsElsewhere) {
    Line line;
    line.send(0, "ab");
    for (int i = 1; i < 100; ++i) line.send(std::int64_t{i} << 25U, "forged");
    EXPECT_EQ(line.said, "ab");
}

TEST(TcpStream, AStreamThatWentFarIsFollowed) {
    for (const std::int64_t far :
         {std::int64_t{1} << 25U, -(std::int64_t{1} << 25U), std::int64_t{1} << 31U}) {
        Line line;
        line.send(0, "ab").send(4, "ef");
        for (int i = 0; i < 10; ++i) line.send(far + i, std::string(1, static_cast<char>('0' + i)));
        const auto lost = far > 0 && far < std::int64_t{1} << 31U ? far + 7 - 6 : 1;
        EXPECT_EQ(line.said, "ab[2]ef[" + std::to_string(lost) + "]789");
        line.send(far + 9, "9");
        EXPECT_EQ(line.stream.counts().conflicts, 0u);
    }
}

TEST(TcpStream, AHoleIsSkippedRatherThanKeepTooMuchWaiting) {
    Line line;
    line.limits.waiting_bytes_max = 10;
    line.send(2, "cdef").send(8, "ijkl").send(14, "opq");
    EXPECT_EQ(line.said, "[2]cdef");
    line.limits.waiting_segments_max = 2;
    line.send(20, "u");
    EXPECT_EQ(line.said, "[2]cdef[2]ijkl");
}

TEST(TcpStream, OneBigSegmentSkipsAsManyHolesAsItTakes) {
    Line line;
    const std::string big(60'000, 'x');
    for (int i = 0; i < 250; ++i) line.send(2 + 2 * i, "a");
    for (int i = 0; i < 250; ++i) {
        line.send(1000 + 60'001 * i, big);
        ASSERT_LE(line.stream.memory(), 512U << 10U);
    }
}

TEST(TcpStream, WhatWaitsTakesNoMoreMemoryThanItCounts) {
    Line line{1000, Overlap::last};
    const std::string big(60'000, 'x');
    // Each is shortened to one byte by the next one.
    for (int i = 0; i < 200; ++i) line.send(1 + i, big);
    EXPECT_LE(line.stream.memory(), std::size_t{60'000 + 200 * (1 + 2 * 48)});
}

}   // namespace
}   // namespace ward::wire
