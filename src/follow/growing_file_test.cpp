// SPDX-License-Identifier: Apache-2.0
#include "follow/growing_file.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"

namespace ward::follow {
namespace {

class Growing : public ::testing::Test {
protected:
    void write(std::string_view text, const char* name = "eve.json") const {
        std::ofstream{folder_.path() / name, std::ios::app | std::ios::binary} << text;
    }
    void put_aside(const char* as) const {
        std::filesystem::rename(folder_.path() / "eve.json", folder_.path() / as);
    }
    /// All that there is to read now.
    static std::string rest(GrowingFile& file) {
        std::string lines;
        for (;;) {
            const auto piece = file.next();
            EXPECT_TRUE(piece) << piece.error().what;
            if (!piece || piece->after == piece->before) return lines;
            lines += piece->lines;
            file.done(*piece);
        }
    }
    GrowingFile open(Place from = {}) const { return {folder_.path() / "eve.json", std::move(from)}; }

    ScratchFolder folder_;
};

TEST_F(Growing, AFileThatIsNotThereYetHasNoLines) {
    auto file = open();
    EXPECT_EQ(rest(file), "");
    write("a\n");
    EXPECT_EQ(rest(file), "a\n");
}

TEST_F(Growing, ALineIsToldWhenItIsWhole) {
    auto file = open();
    write("a\nb");
    EXPECT_EQ(rest(file), "a\n");
    write("c\n");
    EXPECT_EQ(rest(file), "bc\n");
}

TEST_F(Growing, WhatIsNotDoneComesAgain) {
    auto file = open();
    write("a\n");
    EXPECT_EQ(file.next()->lines, "a\n");
    EXPECT_EQ(file.next()->lines, "a\n");
}

TEST_F(Growing, AFileThatIsPutAsideIsReadToItsEndFirst) {
    auto file = open();
    write("a\n");
    EXPECT_EQ(rest(file), "a\n");
    write("b\n");
    put_aside("eve.json.1");
    write("c\n", "eve.json.1");
    write("d\n");
    EXPECT_EQ(rest(file), "b\nc\nd\n");
}

TEST_F(Growing, AFileThatWasPutAsideWhileNobodyReadIsFound) {
    auto before = open();
    write("a\n");
    rest(before);
    write("b\n");
    put_aside("conn.08:00:00-09:00:00.log");
    write("c\n");
    auto after = open(before.place());
    EXPECT_EQ(rest(after), "b\nc\n");
}

TEST_F(Growing, AFileThatIsGoneIsFollowedByTheNewOne) {
    auto before = open();
    write("a\nb\n");
    rest(before);
    std::filesystem::remove(folder_.path() / "eve.json");
    write("c, which may have the inode of the one that is gone\n");
    auto after = open(before.place());
    EXPECT_EQ(rest(after), "c, which may have the inode of the one that is gone\n");
}

TEST_F(Growing, AFileThatIsEmptiedBeginsAnew) {
    auto file = open();
    write("a long first line\n");
    rest(file);
    std::filesystem::resize_file(folder_.path() / "eve.json", 0);
    write("b\n");
    EXPECT_EQ(rest(file), "b\n");
}

TEST_F(Growing, ALineThatIsTooLongIsPassedOverAndCounted) {
    auto file = open();
    write("a\n" + std::string(2 * GrowingFile::piece_bytes + 7, 'x') + "\nb\n");
    std::uint64_t too_long = 0;
    std::string lines;
    for (int i = 0; i < 9; ++i) {
        const auto piece = file.next();
        ASSERT_TRUE(piece);
        too_long += piece->too_long;
        lines += piece->lines;
        file.done(*piece);
    }
    EXPECT_EQ(lines, "a\nb\n");
    EXPECT_EQ(too_long, 1U);
}

TEST_F(Growing, WhatFollowsALongLineInAFileThatIsPutAsideIsRead) {
    auto file = open();
    write(std::string(3 * GrowingFile::piece_bytes, 'x') + "\nb\n");
    ASSERT_TRUE(file.next());
    file.done(*file.next());
    put_aside("eve.json.1");
    write("c\n");
    EXPECT_EQ(rest(file), "b\nc\n");
}

TEST_F(Growing, AFolderIsNoFile) {
    std::filesystem::create_directory(folder_.path() / "eve.json");
    auto file = open();
    EXPECT_FALSE(file.next());
}

}   // namespace
}   // namespace ward::follow
