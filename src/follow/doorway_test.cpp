// SPDX-License-Identifier: Apache-2.0
#include "follow/doorway.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "core/scratch_folder.hpp"
#include "follow/growing_file.hpp"

namespace ward::follow {
namespace {

class Knocking : public ::testing::Test {
protected:
    UniqueFd knock(int type) const {
        UniqueFd socket{::socket(AF_UNIX, type | SOCK_CLOEXEC, 0)};
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        path_.string().copy(name.sun_path, sizeof name.sun_path - 1);
        EXPECT_EQ(::connect(socket.get(), static_cast<const sockaddr*>(static_cast<const void*>(&name)),
                            sizeof name),
                  0);
        return socket;
    }
    static void say(const UniqueFd& socket, std::string_view text) {
        EXPECT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(text.size()));
    }

    ScratchFolder folder_;
    std::filesystem::path path_ = folder_.path() / "eve.sock";
};

TEST_F(Knocking, LinesOfAStreamAreToldWhenTheyAreWhole) {
    auto door = Doorway::open(path_, DoorKind::stream);
    ASSERT_TRUE(door) << door.error().what;
    EXPECT_EQ(door->listen().lines, "");
    auto one = knock(SOCK_STREAM), other = knock(SOCK_STREAM);
    say(one, "a\nb");
    say(other, "c\n");
    EXPECT_EQ(door->listen().lines, "a\nc\n");
    say(one, "d");
    one = {};
    EXPECT_EQ(door->listen().lines, "bd\n");
}

TEST_F(Knocking, ADatagramIsALine) {
    auto door = Doorway::open(path_, DoorKind::datagram);
    ASSERT_TRUE(door) << door.error().what;
    const auto one = knock(SOCK_DGRAM);
    say(one, "a");
    say(one, "b\n");
    EXPECT_EQ(door->listen().lines, "a\nb\n");
}

TEST_F(Knocking, ALineThatIsTooLongIsPassedOverAndCounted) {
    auto door = Doorway::open(path_, DoorKind::stream);
    const auto one = knock(SOCK_STREAM);
    std::string lines;
    std::uint64_t too_long = 0;
    const auto hear = [&] {
        const auto heard = door->listen();
        lines += heard.lines;
        too_long += heard.too_long;
    };
    for (std::size_t i = 0; i < 40; ++i) {
        say(one, std::string(line_bytes_max / 16, 'x'));
        hear();
    }
    say(one, "\nb\n");
    hear();
    EXPECT_EQ(lines, "b\n");
    EXPECT_EQ(too_long, 1U);
}

TEST_F(Knocking, OneTurnTakesNoMoreThanItsLimit) {
    auto door = Doorway::open(path_, DoorKind::datagram, {.lines_bytes = 4});
    const auto one = knock(SOCK_DGRAM);
    for (const auto* line : {"ab\n", "cd\n", "ef\n"}) say(one, line);
    EXPECT_EQ(door->listen().lines, "ab\ncd\n");
    EXPECT_EQ(door->listen().lines, "ef\n");
}

TEST_F(Knocking, ALineThatNeverEndsIsNotListenedToForEver) {
    auto door = Doorway::open(path_, DoorKind::stream, {.read_bytes = 1});
    const auto one = knock(SOCK_STREAM);
    say(one, std::string(100'000, 'x'));
    EXPECT_EQ(door->listen().lines, "");
    say(one, "\n");
    while (door->listen().lines.empty())
        ;
}

TEST_F(Knocking, MoreGuestsThanThereIsRoomForWait) {
    auto door = Doorway::open(path_, DoorKind::stream, {.guests_max = 1});
    auto one = knock(SOCK_STREAM);
    const auto other = knock(SOCK_STREAM);
    say(one, "a\n");
    say(other, "b\n");
    EXPECT_EQ(door->listen().lines, "a\n");
    one = {};
    door->listen();
    EXPECT_EQ(door->listen().lines, "b\n");
}

TEST_F(Knocking, ASocketThatAKilledOneLeftIsReplaced) {
    {
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        path_.string().copy(name.sun_path, sizeof name.sun_path - 1);
        const UniqueFd killed{::socket(AF_UNIX, SOCK_STREAM, 0)};
        ASSERT_EQ(
            ::bind(killed.get(), static_cast<const sockaddr*>(static_cast<const void*>(&name)), sizeof name),
            0);
    }
    EXPECT_TRUE(Doorway::open(path_, DoorKind::stream));
    EXPECT_FALSE(std::filesystem::exists(path_)) << "it goes with its door";
}

TEST_F(Knocking, WhatAnotherListensAtOrIsNoSocketStays) {
    const auto door = Doorway::open(path_, DoorKind::stream);
    EXPECT_EQ(Doorway::open(path_, DoorKind::stream).error().code, Errc::conflict);
    const auto file = folder_.path() / "file";
    std::ofstream{file} << "kept";
    EXPECT_EQ(Doorway::open(file, DoorKind::stream).error().code, Errc::conflict);
    EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(Knocking, OthersThanOwnerAndGroupCannotWriteToIt) {
    const auto door = Doorway::open(path_, DoorKind::stream);
    struct stat about {};
    ASSERT_EQ(::stat(path_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0660U);
}

}   // namespace
}   // namespace ward::follow
