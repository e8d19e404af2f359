// SPDX-License-Identifier: Apache-2.0
#include "core/durable_file.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/stat.h>

#include "core/scratch_folder.hpp"

namespace ward {
namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

unsigned mode_of(const std::filesystem::path& path) {
    struct stat about {};
    EXPECT_EQ(::stat(path.c_str(), &about), 0);
    return about.st_mode & 0777U;
}

TEST(DurableFile, IsWholeAndLeavesNothingBesideIt) {
    const ScratchFolder folder;
    const auto path = folder / "key";
    ASSERT_TRUE(write_durably(path, as_bytes("first"), Readable::by_owner, Existing::keep));
    EXPECT_EQ(text_of(path), "first");
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_FALSE(std::filesystem::exists(folder / "key.new"));
}

TEST(DurableFile, ReplacesOnlyWhereThatIsWanted) {
    const ScratchFolder folder;
    const auto path = folder / "key";
    ASSERT_TRUE(write_durably(path, as_bytes("first"), Readable::by_owner, Existing::keep));
    EXPECT_EQ(write_durably(path, as_bytes("x"), Readable::by_owner, Existing::keep).error().code,
              Errc::conflict);
    EXPECT_EQ(text_of(path), "first");
    EXPECT_FALSE(std::filesystem::exists(folder / "key.new"));
    ASSERT_TRUE(write_durably(path, as_bytes("second"), Readable::by_owner, Existing::replace));
    EXPECT_EQ(text_of(path), "second");
}

TEST(DurableFile, WhatACrashLeftBehindIsNoSecretLeak) {
    const ScratchFolder folder;
    std::ofstream{folder / "key.new"} << "half, and longer than the new one";
    ASSERT_EQ(::chmod((folder / "key.new").c_str(), 0644), 0);
    ASSERT_TRUE(write_durably(folder / "key", as_bytes("whole"), Readable::by_owner, Existing::keep));
    EXPECT_EQ(text_of(folder / "key"), "whole");
    EXPECT_EQ(mode_of(folder / "key"), 0600U);
}

TEST(DurableFile, AFolderThatIsMissingIsAnError) {
    const ScratchFolder folder;
    EXPECT_EQ(
        write_durably(folder / "no" / "key", as_bytes("x"), Readable::by_owner, Existing::keep).error().code,
        Errc::unavailable);
}

}   // namespace
}   // namespace ward
