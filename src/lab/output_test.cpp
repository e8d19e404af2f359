// SPDX-License-Identifier: Apache-2.0
#include "lab/output.hpp"

#include <gmock/gmock.h>

#include "core/scratch_folder.hpp"

namespace ward::lab {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

void write(const fs::path& path, std::string_view text) { std::ofstream{path} << text; }

std::string read(const fs::path& path) {
    std::ifstream stream{path};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

TEST(OutputFolder, HasItsNameOnceItIsKept) {
    const ScratchFolder scratch;
    {
        auto folder = OutputFolder::create(scratch / "made");
        ASSERT_TRUE(folder);
        write(folder->path() / "file", "x");
        EXPECT_FALSE(fs::exists(scratch / "made"));
        ASSERT_TRUE(folder->keep());
    }
    EXPECT_EQ(read(scratch / "made/file"), "x");
    EXPECT_EQ(std::distance(fs::directory_iterator{scratch / "made"}, {}), 1) << "and nothing of the making";
}

TEST(OutputFolder, LeavesAloneWhatNoRunOfTheLabLeft) {
    const ScratchFolder scratch;
    fs::create_directory(scratch / "made.partial");
    write(scratch / "made.partial/thesis.txt", "the only copy");
    const auto folder = OutputFolder::create(scratch / "made");
    ASSERT_FALSE(folder);
    EXPECT_EQ(folder.error().code, Errc::conflict);
    EXPECT_THAT(folder.error().what, HasSubstr("made.partial is in the way"));
    EXPECT_EQ(read(scratch / "made.partial/thesis.txt"), "the only copy");
    write(scratch / "other.partial", "a file");
    EXPECT_FALSE(OutputFolder::create(scratch / "other"));
    EXPECT_EQ(read(scratch / "other.partial"), "a file");
}

TEST(OutputFolder, ClearsAwayWhatAnInterruptedRunLeft) {
    const ScratchFolder scratch;
    {
        const auto running = OutputFolder::create(scratch / "first");
        ASSERT_TRUE(running);
        write(running->path() / "half", "x");
        fs::copy(running->path(), scratch / "made.partial", fs::copy_options::recursive);
    }
    const auto folder = OutputFolder::create(scratch / "made");
    ASSERT_TRUE(folder) << folder.error().what;
    EXPECT_FALSE(fs::exists(folder->path() / "half"));
}

TEST(OutputFolder, IsNotTakenFromARunThatGoesOn) {
    const ScratchFolder scratch;
    const auto running = OutputFolder::create(scratch / "made");
    ASSERT_TRUE(running);
    const auto second = OutputFolder::create(scratch / "made");
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().what, HasSubstr("another run"));
    EXPECT_TRUE(fs::exists(running->path()));
}

TEST(LateFile, ReplacesWhatIsThereWhenItIsKept) {
    const ScratchFolder scratch;
    write(scratch / "truth", "old");
    {
        const auto given_up = LateFile::create(scratch / "truth");
        ASSERT_TRUE(given_up);
    }
    EXPECT_EQ(read(scratch / "truth"), "old");
    auto file = LateFile::create(scratch / "truth");
    ASSERT_TRUE(file);
    EXPECT_EQ(read(scratch / "truth"), "old");
    ASSERT_TRUE(file->keep("new"));
    EXPECT_EQ(read(scratch / "truth"), "new");
    EXPECT_FALSE(fs::exists(scratch / "truth.new"));
}

TEST(LateFile, SaysAtOnceWhatCannotBeWritten) {
    const ScratchFolder scratch;
    EXPECT_FALSE(LateFile::create(scratch / "nowhere/truth"));
    EXPECT_FALSE(LateFile::create(scratch.path()));
    EXPECT_FALSE(LateFile::create("/dev/null"));
    write(scratch / "truth.new", "somebody's");
    const auto file = LateFile::create(scratch / "truth");
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().what, HasSubstr("truth.new is in the way"));
    EXPECT_EQ(read(scratch / "truth.new"), "somebody's");
}

TEST(LateFile, TakesNothingFromAPlayThatIsUnderWay) {
    const ScratchFolder scratch;
    auto first = LateFile::create(scratch / "truth");
    ASSERT_TRUE(first);
    EXPECT_FALSE(LateFile::create(scratch / "truth"));
    ASSERT_TRUE(first->keep("first"));
    EXPECT_EQ(read(scratch / "truth"), "first");
    EXPECT_TRUE(LateFile::create(scratch / "truth"));
}

TEST(LateFile, TakesOverFromAPlayThatWasCutOff) {
    const ScratchFolder scratch;
    write(scratch / "truth.new", "");
    auto file = LateFile::create(scratch / "truth");
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->keep("new"));
    EXPECT_EQ(read(scratch / "truth"), "new");
}

}   // namespace
}   // namespace ward::lab
