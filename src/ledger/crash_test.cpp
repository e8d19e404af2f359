// SPDX-License-Identifier: Apache-2.0
// Whatever step fails or is the last before a power cut: the log verifies, and goes on.
#include <algorithm>
#include <csignal>
#include <map>
#include <random>
#include <set>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "ledger/bed_test.hpp"

namespace ward::ledger {
namespace {

namespace fs = std::filesystem;

/// What a file system may forget in a power cut: names that were changed in a folder that was not synced
/// since.
class Volatile {
public:
    explicit Volatile(fs::path root) : root_(std::move(root)) {}

    void step(FileStep step, const fs::path& path) {
        if (step == FileStep::sync) synced_.insert(path);
        if (step == FileStep::rename) {
            EXPECT_TRUE(synced_.erase(path) == 1) << path << " is renamed before it is synced";
            pending_.push_back({path, content(path), above(path)});
        }
        if (step == FileStep::remove)
            for (const auto& file : fs::recursive_directory_iterator{path})
                pending_.push_back({file.path(), content(file.path()), above(path)});
        if (step == FileStep::sync_folder) {
            for (auto& change : pending_) change.unsynced.erase(path);
            std::erase_if(pending_, [](const Change& change) { return change.unsynced.empty(); });
        }
    }

    /// Forgets some of what may be forgotten, in the reverse order, so that older names come back.
    void cut(std::mt19937& random) {
        for (auto change = pending_.rbegin(); change != pending_.rend(); ++change) {
            if (random() % 2 == 0) continue;
            fs::remove(change->path);
            if (!change->before) continue;
            fs::create_directories(change->path.parent_path());
            const std::array file{File{change->path.lexically_relative(root_), *change->before}};
            ASSERT_TRUE(TileStore{root_}.write(file));
        }
        pending_.clear();
    }

    /// A removal may be forgotten, a file may not.
    bool may_forget_files() const {
        return std::ranges::any_of(pending_, [](const Change& change) { return fs::exists(change.path); });
    }

private:
    struct Change {
        fs::path path;
        std::optional<Buffer> before;
        std::set<fs::path> unsynced;
    };

    static std::optional<Buffer> content(const fs::path& path) {
        auto bytes = read_file(path, 1 << 20);
        return bytes ? std::optional{std::move(*bytes)} : std::nullopt;
    }

    std::set<fs::path> above(fs::path path) const {
        std::set<fs::path> folders;
        while (path != root_) folders.insert(path = path.parent_path());
        return folders;
    }

    fs::path root_;
    std::set<fs::path> synced_;
    std::vector<Change> pending_;
};

/// A bed whose every seam counts, and one of which fails.
class CrashBed : public Bed {
public:
    CrashBed() {
        fault = [this](std::string_view) { return pass(); };
        file_steps = [this](FileStep step, const fs::path& path) -> Result<> {
            TRY(pass());
            disk.step(step, path);
            return {};
        };
    }

    Result<> pass() {
        if (steps_left == 0) return fail(Errc::unavailable, "the power is cut");
        --steps_left;
        return {};
    }

    static constexpr int forever = 1'000'000;
    int steps_left = forever;
    Volatile disk{log_folder()};
};

void recover(CrashBed& bed, std::uint64_t size, const std::string& when) {
    // Before anybody repairs anything: what is published holds, and what is not is known.
    if (fs::exists(bed.log_folder() / "checkpoint")) {
        ASSERT_EQ(bed.complaint(), "") << when;
    }
    auto log = bed.open();
    ASSERT_TRUE(log) << when << ": " << log.error().what;
    ASSERT_EQ(log->checkpoint(), bed.stored) << when;
    const auto published = log->publish(size);
    ASSERT_TRUE(published) << when << ": " << published.error().what;
    ASSERT_EQ(bed.complaint(), "") << when;
    ASSERT_FALSE(bed.disk.may_forget_files()) << when << ": published and not synced";
    ASSERT_FALSE(fs::exists(bed.log_folder() / "tile/0/000.p")) << when << ": left over";
}

/// Cuts the power at step `last` of a publication; false when it has fewer steps.
bool crash_at(int last, std::uint64_t size, std::uint64_t next, std::mt19937& random) {
    CrashBed bed;
    if (size > 0) publish_at(bed, {size / 2, size});
    bed.add_entries(next - bed.entries.size());
    bool was_cut = false;
    {
        auto log = bed.open();
        EXPECT_TRUE(log);
        bed.steps_left = last;
        was_cut = !log->publish(next);
    }
    bed.steps_left = CrashBed::forever;
    bed.disk.cut(random);
    bed.add_entries(300);
    recover(bed, next + 300,
            std::to_string(size) + " to " + std::to_string(next) + ", step " + std::to_string(last));
    return was_cut;
}

TEST(LogCrash, APowerCutAtAnyStepLosesNothing) {
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    SCOPED_TRACE("seed " + std::to_string(seed));
    for (const auto& [size, next] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
             {0, 1}, {0, 300}, {5, 9}, {250, 256}, {250, 700}, {256, 257}}) {
        int last = 0;
        while (crash_at(last, size, next, random) && !testing::Test::HasFatalFailure()) ++last;
        EXPECT_GT(last, 10) << "steps of a publication from " << size << " to " << next;
    }
}

TEST(LogCrash, TheSameLogGoesOnAfterAnyFailedStep) {
    for (int last = 0;; ++last) {
        CrashBed bed;
        publish_at(bed, {5, 250});
        bed.add_entries(60);
        auto log = bed.open();
        bed.steps_left = last;
        const bool failed = !log->publish(300);
        bed.steps_left = CrashBed::forever;
        const auto published = log->publish(310);
        ASSERT_TRUE(published) << "step " << last << ": " << published.error().what;
        ASSERT_EQ(bed.complaint(), "") << "step " << last;
        ASSERT_FALSE(bed.disk.may_forget_files()) << "step " << last;
        if (!failed) break;
    }
}

TEST(LogCrash, AFullDiskIsNoLoss) {
    Bed bed;
    publish_at(bed, {5});
    bed.add_entries(300);
    auto log = bed.open();
    auto* const before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit unlimited{};
    ::getrlimit(RLIMIT_FSIZE, &unlimited);
    for (const rlim_t bytes : {0U, 10U, 1'000U, 8'000U}) {
        const rlimit full{bytes, unlimited.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &full);
        const auto published = log->publish(300);
        ::setrlimit(RLIMIT_FSIZE, &unlimited);
        ASSERT_FALSE(published);
        EXPECT_EQ(published.error().code, Errc::unavailable);
        EXPECT_EQ(bed.complaint(), "") << "full at " << bytes;
    }
    std::signal(SIGXFSZ, before);
    EXPECT_TRUE(log->publish(305));
    EXPECT_EQ(bed.complaint(), "");
}

}   // namespace
}   // namespace ward::ledger
