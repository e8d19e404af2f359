// SPDX-License-Identifier: Apache-2.0
#include "ledger/verify.hpp"

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "core/mutex.hpp"
#include "ledger/bed_test.hpp"

namespace ward::ledger {
namespace {

namespace fs = std::filesystem;

class VerifyTest : public testing::Test {
protected:
    void SetUp() override { publish_at(bed, {100, 256, 300, 600, 700}); }

    void put(const std::string& path, const std::string& bytes) const {
        fs::create_directories((bed.log_folder() / path).parent_path());
        std::ofstream{bed.log_folder() / path, std::ios::binary} << bytes;
    }

    std::string get(const std::string& path) const {
        std::ifstream file{bed.log_folder() / path, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    /// What is said about one flipped bit. The file is mended again.
    std::string flipped(const std::string& path, std::size_t byte, int bit) const {
        const auto bytes = get(path);
        auto changed = bytes;
        changed[byte] = static_cast<char>(changed[byte] ^ (1 << bit));
        put(path, changed);
        auto said = bed.complaint();
        put(path, bytes);
        return said;
    }

    std::vector<std::string> files() const {
        std::vector<std::string> found;
        for (const auto& file : fs::recursive_directory_iterator{bed.log_folder()})
            if (file.is_regular_file()) found.push_back(file.path().lexically_relative(bed.log_folder()));
        return found;
    }

    Bed bed;
};

TEST_F(VerifyTest, AGoodLogIsReported) {
    const auto report = bed.verify();
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->checkpoint.head.size, 700U);
    EXPECT_EQ(report->files, files().size() - 1) << "all but the checkpoint";
    EXPECT_EQ(report->files_ahead, 0U);
}

TEST_F(VerifyTest, AnyFlippedBitIsFoundAndItsFileNamed) {
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    const auto all = files();
    for (int round = 0; round < 1'000; ++round) {
        const auto& path = all[random() % all.size()];
        const auto byte = random() % fs::file_size(bed.log_folder() / path);
        const auto said = flipped(path, byte, static_cast<int>(random() % 8));
        ASSERT_NE(said.find(path), std::string::npos)
            << path << ", byte " << byte << ": '" << said << "', seed " << seed;
    }
    EXPECT_EQ(bed.complaint(), "");
}

TEST_F(VerifyTest, TheEntryIsNamed) {
    EXPECT_EQ(flipped("tile/0/001", 3 * 32, 0), "tile/0/001: hash 3 is not that of entry 259");
    const auto said = flipped("tile/entries/001", 3 * (2 + 18) + 5, 0);
    EXPECT_EQ(said, "tile/entries/001: entry 259 is not the one that was signed");
    EXPECT_EQ(flipped("tile/1/000.p/2", 32, 0), "tile/1/000.p/2: hash 1 is not that of the entries from 256");
}

TEST_F(VerifyTest, AnyMissingTileOfTheTreeIsNamed) {
    for (const auto* path : {"tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2", "tile/entries/001"}) {
        const auto bytes = get(path);
        fs::remove(bed.log_folder() / path);
        EXPECT_EQ(bed.complaint(), std::string{path} + " is missing");
        put(path, bytes);
    }
    fs::remove(bed.log_folder() / "checkpoint");
    EXPECT_NE(bed.complaint().find("checkpoint"), std::string::npos);
}

TEST_F(VerifyTest, AnyCutFileIsNamed) {
    for (const auto& path : files()) {
        const auto bytes = get(path);
        for (const auto length : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
            put(path, bytes.substr(0, length));
            EXPECT_NE(bed.complaint().find(path), std::string::npos) << path << " cut to " << length;
        }
        put(path, bytes + "x");
        EXPECT_NE(bed.complaint().find(path), std::string::npos) << path << " made longer";
        put(path, bytes);
    }
}

TEST_F(VerifyTest, FilesThatDoNotBelongThereAreNamed) {
    for (const auto* path :
         {"tile/0/003", "tile/0/002.p/189", "tile/2/000.p/1", "tile/entries/003.p/1", "tile/x",
          "tile/0/000.bak", "tile/0/x000/001", "tile/entries/001.p/256", "tile/8/000"}) {
        put(path, "something");
        EXPECT_NE(bed.complaint().find(path), std::string::npos) << path;
        fs::remove(bed.log_folder() / path);
    }
    fs::create_symlink("000", bed.log_folder() / "tile/0/001.p");
    EXPECT_NE(bed.complaint().find("tile/0/001.p"), std::string::npos);
}

TEST_F(VerifyTest, SwappedTilesAreNamed) {
    const auto first = get("tile/0/000");
    put("tile/0/000", get("tile/0/001"));
    put("tile/0/001", first);
    EXPECT_EQ(bed.complaint(), "tile/0/000: hash 0 is not that of entry 0");
}

TEST_F(VerifyTest, EntriesAndTilesThatWereChangedTogetherAreNamed) {
    Bed other;
    other.key = std::move(bed.key);
    other.verifier = bed.verifier;
    other.add_entries(700);
    other.entries[42] = to_buffer("what should have been there");
    publish_at(other, {700});
    const auto signed_then = get("checkpoint");
    fs::remove_all(bed.log_folder());
    fs::copy(other.log_folder(), bed.log_folder(), fs::copy_options::recursive);
    put("checkpoint", signed_then);
    EXPECT_EQ(
        bed.complaint(),
        "checkpoint: its root is not that of the 700 entries in the files, which agree with each other");
}

TEST_F(VerifyTest, TheStoresEntriesAreCompared) {
    const auto right = bed.entries[333];
    bed.entries[333] = to_buffer("changed");
    EXPECT_EQ(bed.complaint(), "entry 333 in the store is not the one in tile/entries/001");
    bed.entries[333] = right;
    std::swap(bed.entries[1], bed.entries[2]);
    EXPECT_EQ(bed.complaint(), "entry 1 in the store is not the one in tile/entries/000");
    std::swap(bed.entries[1], bed.entries[2]);
    bed.entries.erase(bed.entries.begin() + 690, bed.entries.end());
    EXPECT_EQ(bed.complaint(), "entry 690 is in the log, and not in the store");
}

TEST_F(VerifyTest, WithoutAStoreTheLogAloneIsChecked) {
    auto parts = bed.verify_parts();
    parts.entries = {};
    parts.staged_size = {};
    std::uint64_t told = 0;
    parts.progress = [&](std::uint64_t done, std::uint64_t total) {
        told = done;
        EXPECT_EQ(total, 700U);
    };
    EXPECT_TRUE(verify_log(parts));
    EXPECT_EQ(told, 700U);
}

TEST_F(VerifyTest, AnEarlierCheckpointMustBeContinued) {
    Bed other;
    publish_at(other, {1});
    auto parts = bed.verify_parts();
    const auto continued = [&](const std::string& note) {
        parts.since = note;
        const auto report = verify_log(parts);
        return report ? std::string{} : report.error().what;
    };
    const auto note_of = [&](std::uint64_t size, const Digest& root) {
        const auto text = format_checkpoint({bed.verifier.name, {size, root}, {}});
        return sign_note(text, bed.verifier, bed.key.sign(as_bytes(text)));
    };
    CompactRange earlier;
    for (std::uint64_t size = 0; size < 700; ++size) {
        if (size % 41 == 0 || size == 256) {
            ASSERT_EQ(continued(note_of(size, earlier.root())), "") << size;
        }
        earlier.append(leaf_hash(bed.entries[size]));
    }
    EXPECT_EQ(continued(bed.stored), "");
    EXPECT_NE(continued(note_of(300, leaf_hash({}))).find("not a continuation"), std::string::npos);
    EXPECT_NE(continued(note_of(701, leaf_hash({}))).find("701 entries before"), std::string::npos);
    EXPECT_NE(continued(other.stored), "") << "another log's key";
}

TEST_F(VerifyTest, MayRunWhileTheLogGrows) {
    auto log = bed.open();
    std::atomic<bool> stop = false;
    Mutex mutex;   // guards the bed's store
    const std::jthread writer{[&] {
        for (std::uint64_t size = 700; !stop && size < 20'000; size += 37) {
            const Lock lock{mutex};
            bed.add_entries(size - bed.entries.size());
            EXPECT_TRUE(log->publish(size));
        }
    }};
    auto checks = bed.verify_parts();
    checks.entries = {};
    checks.staged_size = [&]() -> Result<std::uint64_t> {
        const Lock lock{mutex};
        return bed.stored_size();
    };
    for (int round = 0; round < 20; ++round) {
        const auto report = verify_log(checks);
        EXPECT_TRUE(report) << report.error().what;
    }
    stop = true;
}

}   // namespace
}   // namespace ward::ledger
