// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/scratch_folder.hpp"
#include "spool/reader.hpp"
#include "spool/writer.hpp"

using namespace ward;
using namespace ward::spool;

namespace {

class Spool : public ::testing::Test {
protected:
    Writer writer(WriterLimits limits = {}) { return Writer::open(folder_.path(), limits).value(); }

    static std::string event(Sequence number) { return fmt::format("{{\"event\":{}}}\n", number); }
    static std::string events(Sequence first, Sequence last) {
        std::string text;
        for (auto number = first; number <= last; ++number) text += event(number);
        return text;
    }

    /// Everything from there on, and how much is missing before each piece.
    struct Taken {
        std::string text;
        Sequence missing = 0;
    };
    Taken all(Sequence after = 0) const {
        Reader reader{folder_.path()};
        reader.seek(after);
        Taken taken;
        for (auto chunk = reader.next().value(); !chunk.empty(); chunk = reader.next().value()) {
            taken.missing += chunk.first - 1 - std::min(chunk.first - 1, chunk.after);
            taken.text += text_of(chunk);
        }
        return taken;
    }
    static std::string text_of(const Chunk& chunk) {
        std::string text;
        for (Bytes rest = chunk.records; !rest.empty();) {
            const auto record = std::get<Decoded<Record>>(decode_record(rest));
            text += unpack(record.message).value();
            rest = rest.subspan(record.consumed);
        }
        return text;
    }
    std::vector<Segment> found() const { return segments_in(folder_.path()).value(); }
    std::filesystem::path newest() const { return found().back().path; }
    std::size_t segments() const { return found().size(); }

    ScratchFolder folder_;
};

TEST_F(Spool, WhatIsWrittenIsReadInOrderAndNumbered) {
    auto spool = writer();
    ASSERT_TRUE(spool.append(events(1, 3)));
    ASSERT_TRUE(spool.append(events(4, 4)));
    Reader reader{folder_.path()};
    const auto chunk = reader.next().value();
    EXPECT_EQ(text_of(chunk), events(1, 4));
    EXPECT_EQ(chunk.first, 1U);
    EXPECT_EQ(chunk.last, 4U);
    EXPECT_EQ(chunk.after, 0U);
    EXPECT_TRUE(reader.next().value().empty());
    ASSERT_TRUE(spool.append(events(5, 5)));
    EXPECT_EQ(text_of(reader.next().value()), events(5, 5));
}

TEST_F(Spool, AReaderGoesBackToWhereverItIsAsked) {
    auto spool = writer({.segment_bytes = 200});
    for (Sequence number = 1; number <= 50; ++number) ASSERT_TRUE(spool.append(event(number)));
    ASSERT_GT(segments(), 3U);
    Reader reader{folder_.path()};
    for (Sequence after = 0; after <= 50; ++after) {
        reader.seek(after);
        const auto chunk = reader.next().value();
        EXPECT_EQ(chunk.empty(), after == 50);
        EXPECT_EQ(chunk.first, after == 50 ? 0 : after + 1);
    }
}

TEST_F(Spool, AWriterThatComesBackGoesOnAsTheSamePublisher) {
    PublisherId before;
    {
        auto spool = writer({.segment_bytes = 100});
        before = spool.publisher();
        for (Sequence number = 1; number <= 20; ++number) ASSERT_TRUE(spool.append(event(number)));
    }
    auto spool = writer();
    EXPECT_EQ(spool.publisher(), before);
    ASSERT_TRUE(spool.append(events(21, 22)));
    EXPECT_EQ(all().text, events(1, 22));
}

TEST_F(Spool, AnEmptiedFolderIsAnotherPublisher) {
    const auto before = writer().publisher();
    for (const auto& segment : found()) std::filesystem::remove(segment.path);
    EXPECT_NE(writer().publisher(), before);
}

TEST_F(Spool, TwoCannotFillIt) {
    const auto first = writer();
    const auto second = Writer::open(folder_.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::conflict);
}

// As a crash may leave it: after any byte.
TEST_F(Spool, CutAnywhereItLosesOnlyWhatIsCut) {
    std::vector<std::uint64_t> ends{std::filesystem::file_size((writer(), newest()))};
    for (Sequence number = 1; number <= 3; ++number) {
        ASSERT_TRUE(writer().append(event(number)));
        ends.push_back(std::filesystem::file_size(newest()));
    }
    std::ifstream file{newest(), std::ios::binary};
    const std::string whole{std::istreambuf_iterator<char>{file}, {}};
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        std::ofstream{newest(), std::ios::binary | std::ios::trunc} << whole.substr(0, cut);
        const auto kept =
            static_cast<Sequence>(std::ranges::count_if(ends, [&](auto end) { return end <= cut; }));
        auto spool = writer();
        EXPECT_EQ(spool.next(), std::max<Sequence>(kept, 1)) << "cut at " << cut;
        ASSERT_TRUE(spool.append(event(99)));
        const auto expected = kept == 0 ? event(99) : events(1, kept - 1) + event(99);
        EXPECT_EQ(all().text, expected) << "cut at " << cut;
    }
}

TEST_F(Spool, AFlippedByteAnywhereTakesOneRecordAtTheMost) {
    {
        auto spool = writer();
        for (Sequence number = 1; number <= 3; ++number) ASSERT_TRUE(spool.append(event(number)));
    }
    std::ifstream file{newest(), std::ios::binary};
    const std::string whole{std::istreambuf_iterator<char>{file}, {}};
    // The length of a record is not told twice; it is the part that takes all behind it along.
    for (std::size_t at = segment_head_bytes + 4; at < segment_head_bytes + 30; ++at) {
        auto flipped = whole;
        flipped[at] = static_cast<char>(flipped[at] ^ 1);
        std::ofstream{newest(), std::ios::binary | std::ios::trunc} << flipped;
        EXPECT_EQ(writer().next(), 4U) << "flipped at " << at;
    }
}

TEST_F(Spool, WhenItIsFullTheOldestAreGivenUpAndCounted) {
    auto spool = writer({.bytes_max = 2000, .segment_bytes = 300});
    for (Sequence number = 1; number <= 200; ++number) ASSERT_TRUE(spool.append(event(number)));
    const auto taken = all();
    EXPECT_GT(spool.counts().given_up, 100U);
    EXPECT_EQ(taken.missing, spool.counts().given_up);
    EXPECT_EQ(taken.text, events(taken.missing + 1, 200));
    std::uint64_t bytes = 0;
    for (const auto& segment : found()) bytes += segment.bytes;
    EXPECT_LE(bytes, 2000U);
}

TEST_F(Spool, WhatIsStoredIsRemovedAndNotCountedAsGivenUp) {
    auto spool = writer({.bytes_max = 2000, .segment_bytes = 300, .sync_every = {}});
    for (Sequence number = 1; number <= 200; ++number) {
        ASSERT_TRUE(spool.append(event(number)));
        ASSERT_TRUE(write_stored(folder_.path(), {spool.publisher(), number}));
    }
    EXPECT_EQ(spool.counts().given_up, 0U);
    EXPECT_LE(segments(), 2U);
}

TEST_F(Spool, AStoreThatIsAheadIsNotSentKnownNumbers) {
    auto spool = writer({.sync_every = {}});
    ASSERT_TRUE(spool.append(events(1, 3)));
    ASSERT_TRUE(write_stored(folder_.path(), {spool.publisher(), 10}));
    ASSERT_TRUE(spool.append(events(4, 4)));
    EXPECT_EQ(spool.next(), 11U);
    ASSERT_TRUE(spool.append(events(11, 11)));
    EXPECT_EQ(all(10).text, events(11, 11));
}

TEST_F(Spool, TellsWhatWaits) {
    EXPECT_EQ(filling_of(folder_.path()).value().waiting(), 0U);
    auto spool = writer({.segment_bytes = 100});
    for (Sequence number = 1; number <= 20; ++number) ASSERT_TRUE(spool.append(event(number)));
    EXPECT_EQ(filling_of(folder_.path()).value().waiting(), 20U);
    ASSERT_TRUE(write_stored(folder_.path(), {spool.publisher(), 15}));
    const auto filling = filling_of(folder_.path()).value();
    EXPECT_EQ(filling.waiting(), 5U);
    EXPECT_EQ(filling.last, 20U);
    EXPECT_GT(filling.bytes, 500U);
}

TEST_F(Spool, AWatermarkOfAnotherPublisherMeansNothing) {
    auto spool = writer({.sync_every = {}});
    ASSERT_TRUE(write_stored(folder_.path(), {PublisherId{}, 10}));
    ASSERT_TRUE(spool.append(events(1, 1)));
    EXPECT_EQ(spool.next(), 2U);
}

TEST_F(Spool, AFullDiskRefusesAndLaterGoesOn) {
    std::signal(SIGXFSZ, SIG_IGN);
    auto spool = writer();
    ASSERT_TRUE(spool.append(events(1, 3)));
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit tiny{std::filesystem::file_size(newest()) + 10, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tiny), 0);
    const auto refused = spool.append(events(4, 6));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    ASSERT_TRUE(spool.append(events(4, 5)));
    EXPECT_EQ(all().text, events(1, 5));
}

TEST_F(Spool, LongTextsBecomeSeveralRecordsAndAnEndlessLineIsRefused) {
    auto spool = writer();
    std::string text;
    while (text.size() < 3 * text_bytes_max) text += std::string(100'000, 'x') + '\n';
    ASSERT_TRUE(spool.append(text));
    EXPECT_EQ(all().text, text);
    const auto refused = spool.append(std::string(text_bytes_max, 'x') + '\n');
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::limit_exceeded);
}

TEST_F(Spool, ADamagedSegmentIsPassedOverAndTheGapIsSeen) {
    auto spool = writer({.segment_bytes = 100});
    for (Sequence number = 1; number <= 20; ++number) ASSERT_TRUE(spool.append(event(number)));
    const auto oldest = found().front();
    std::filesystem::resize_file(oldest.path, segment_head_bytes);
    std::ofstream{oldest.path, std::ios::app | std::ios::binary} << "this is no record at all";
    const auto taken = all();
    EXPECT_GT(taken.missing, 0U);
    EXPECT_EQ(taken.text, events(taken.missing + 1, 20));
}

}   // namespace
