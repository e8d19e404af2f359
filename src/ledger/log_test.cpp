// SPDX-License-Identifier: Apache-2.0
#include "ledger/log.hpp"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "ledger/bed_test.hpp"

namespace ward::ledger {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_of(const Bed& bed) {
    std::vector<std::string> found;
    for (const auto& file : fs::recursive_directory_iterator{bed.log_folder()})
        if (file.is_regular_file()) found.push_back(file.path().lexically_relative(bed.log_folder()));
    std::ranges::sort(found);
    return found;
}

std::string open_error(Bed& bed) {
    const auto log = bed.open();
    EXPECT_FALSE(log);
    if (log) return {};
    EXPECT_EQ(log.error().code, Errc::corrupt);
    return log.error().what;
}

TEST(Log, AnEmptyLogIsPublishedToo) {
    Bed bed;
    publish_at(bed, {0});
    EXPECT_EQ(files_of(bed), std::vector<std::string>{"checkpoint"});
    EXPECT_EQ(bed.complaint(), "");
}

TEST(Log, WritesTheTilesOfItsSizesAndNoOthers) {
    Bed bed;
    publish_at(bed, {3, 5, 5});
    EXPECT_EQ(files_of(bed), (std::vector<std::string>{"checkpoint", "tile/0/000.p/3", "tile/0/000.p/5",
                                                       "tile/entries/000.p/3", "tile/entries/000.p/5"}));
    EXPECT_EQ(bed.complaint(), "");
}

TEST(Log, AFullTileReplacesItsPartialOnes) {
    Bed bed;
    publish_at(bed, {3, 200, 258});
    EXPECT_EQ(files_of(bed),
              (std::vector<std::string>{"checkpoint", "tile/0/000", "tile/0/001.p/2", "tile/1/000.p/1",
                                        "tile/entries/000", "tile/entries/001.p/2"}));
    EXPECT_EQ(bed.complaint(), "");
}

TEST(Log, EverySizeVerifiesHoweverItWasReached) {
    Bed bed;
    bed.add_entries(600);
    auto log = bed.open();
    std::uint64_t step = 1;
    for (std::uint64_t size = 0; size <= 600; size += step = step % 7 + 1) {
        ASSERT_TRUE(log->publish(size));
        ASSERT_EQ(bed.complaint(), "") << size;
    }
    Bed at_once;
    at_once.key = std::move(bed.key);
    at_once.verifier = bed.verifier;
    publish_at(at_once, {log->head().size});
    EXPECT_EQ(at_once.stored, bed.stored);
}

TEST(Log, GrowsPastAFullTileOfTiles) {
    Bed bed;
    publish_at(bed, {65'530, 65'536, 65'537, 66'000});
    EXPECT_TRUE(fs::exists(bed.log_folder() / "tile/1/000"));
    EXPECT_FALSE(fs::exists(bed.log_folder() / "tile/1/000.p"));
    EXPECT_TRUE(fs::exists(bed.log_folder() / "tile/2/000.p/1"));
    EXPECT_EQ(bed.complaint(), "");
}

TEST(Log, ALongBacklogIsPublishedInSteps) {
    Bed bed;
    bed.add_entries(1'000);
    auto parts = bed.parts();
    parts.checkpoint_entries_max = 300;
    int signatures = 0;
    parts.sign = [&](std::string_view text) -> Result<crypto::Signature> {
        ++signatures;
        return bed.key.sign(as_bytes(text));
    };
    auto log = Log::open(std::move(parts));
    ASSERT_TRUE(log && log->publish(1'000));
    EXPECT_EQ(signatures, 4);
    EXPECT_EQ(bed.complaint(), "");
}

TEST(Log, GoesOnWhereItStopped) {
    Bed bed;
    for (const std::uint64_t size : {1U, 255U, 256U, 257U, 511U, 512U, 700U}) {
        publish_at(bed, {size});
        ASSERT_EQ(bed.complaint(), "") << size;
    }
    const auto log = bed.open();
    EXPECT_EQ(log->head().size, 700U);
    EXPECT_EQ(log->checkpoint(), bed.stored);
}

TEST(Log, YesterdaysStoreIsRefused) {
    Bed bed;
    publish_at(bed, {10});
    const auto yesterday = bed.stored;
    publish_at(bed, {20});
    bed.stored = yesterday;
    EXPECT_NE(open_error(bed).find("the store is older than the log"), std::string::npos);
    bed.stored.clear();
    EXPECT_NE(open_error(bed).find("the store is older than the log"), std::string::npos);
}

TEST(Log, AnEmptyStoreBehindAnEmptyLogIsRefused) {
    Bed bed;
    publish_at(bed, {0});
    bed.stored.clear();
    EXPECT_NE(open_error(bed).find("the store is older than the log"), std::string::npos);
}

TEST(Log, ACheckpointThatTheDiskChangedIsNoticed) {
    Bed bed;
    bed.add_entries(3);
    const auto checkpoint = bed.log_folder() / "checkpoint";
    bed.file_steps = [&](FileStep step, const fs::path& path) -> Result<> {
        if (step == FileStep::sync_folder && path == bed.log_folder() && fs::exists(checkpoint))
            std::ofstream{checkpoint} << "something else";
        return {};
    };
    auto log = bed.open();
    const auto published = log->publish(3);
    ASSERT_FALSE(published);
    EXPECT_EQ(published.error().code, Errc::corrupt);
}

TEST(Log, AStoreThatLostEntriesIsRefused) {
    Bed bed;
    publish_at(bed, {20});
    bed.entries.pop_back();
    EXPECT_NE(open_error(bed).find("the store has no entry 19"), std::string::npos);
    bed.entries.push_back(to_buffer("another"));
    EXPECT_NE(open_error(bed).find("entry 19 of the store is not that of the log"), std::string::npos);
    bed.entries.back() = to_buffer("invented entry 19");
    EXPECT_TRUE(bed.open());
}

TEST(Log, ASmallerSizeIsRefused) {
    Bed bed;
    publish_at(bed, {20});
    auto log = bed.open();
    EXPECT_EQ(log->publish(19).error().code, Errc::corrupt);
    EXPECT_EQ(log->publish(21).error().code, Errc::corrupt) << "the store has no entry 20";
    EXPECT_TRUE(log->publish(20));
}

TEST(Log, ChangedFilesAreRefused) {
    for (const auto* path : {"checkpoint", "tile/0/000.p/20", "tile/entries/000.p/20"}) {
        Bed bed;
        publish_at(bed, {20});
        std::fstream file{bed.log_folder() / path, std::ios::in | std::ios::out};
        file.seekp(7);
        file.put('\xff');
        file.close();
        EXPECT_NE(open_error(bed), "") << path;
        fs::remove(bed.log_folder() / path);
        if (std::string{path} != "checkpoint") {
            EXPECT_NE(open_error(bed).find(std::string{path} + " is missing"), std::string::npos);
        }
    }
}

TEST(Log, ATileOfAnotherTreeIsNeverOverwritten) {
    Bed bed;
    publish_at(bed, {20});
    bed.add_entries(1);
    std::ofstream{bed.log_folder() / "tile/0/000.p/21"} << "something else";
    auto log = bed.open();
    const auto published = log->publish(21);
    ASSERT_FALSE(published);
    EXPECT_EQ(published.error().code, Errc::corrupt);
    EXPECT_NE(published.error().what.find("tile/0/000.p/21"), std::string::npos);
}

TEST(Log, AStoreThatAnswersTwiceDifferentlyIsNotSigned) {
    Bed bed;
    bed.add_entries(10);
    auto parts = bed.parts();
    int reads = 0;
    parts.read_entries = [&](auto first, auto count, const auto& entry) -> Result<> {
        if (++reads == 2) bed.entries[4] = to_buffer("changed in memory");
        return bed.read(first, count, entry);
    };
    parts.sign = [](std::string_view) -> Result<crypto::Signature> {
        ADD_FAILURE() << "nothing is to be signed";
        return fail(Errc::denied, "");
    };
    auto log = Log::open(std::move(parts));
    EXPECT_EQ(log->publish(10).error().code, Errc::corrupt);
}

TEST(Log, AWrongSignatureIsNotPublished) {
    Bed bed;
    bed.add_entries(10);
    auto parts = bed.parts();
    parts.sign = [](std::string_view text) -> Result<crypto::Signature> {
        return crypto::SigningKey::generate().value().sign(as_bytes(text));
    };
    auto log = Log::open(std::move(parts));
    EXPECT_EQ(log->publish(10).error().code, Errc::denied);
    EXPECT_EQ(bed.stored, "");
    EXPECT_EQ(files_of(bed), std::vector<std::string>{});
}

TEST(Log, AnotherWriterIsNoticed) {
    Bed bed;
    bed.add_entries(30);
    auto log = bed.open();
    ASSERT_TRUE(log->publish(10));
    bed.fault = [&](std::string_view seam) -> Result<> {
        return seam == "swap" ? fail(Errc::conflict, "another writer") : Result<>{};
    };
    EXPECT_EQ(log->publish(20).error().code, Errc::conflict);
    bed.fault = {};
    EXPECT_TRUE(log->publish(20));
    EXPECT_EQ(bed.complaint(), "");
}

}   // namespace
}   // namespace ward::ledger
