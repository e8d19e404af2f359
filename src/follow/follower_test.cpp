// SPDX-License-Identifier: Apache-2.0
#include "follow/follower.hpp"

#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <poll.h>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

#include "core/scratch_folder.hpp"
#include "spool/reader.hpp"

namespace ward::follow {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view zeek_dns =
    R"({{"_path":"dns","ts":1772409600.5,"uid":"C{}","id.orig_h":"10.0.0.7","id.orig_p":50000,)"
    R"("id.resp_h":"10.0.0.1","id.resp_p":53,"proto":"udp","query":"n{}.example","qtype_name":"A"}})";

class Following : public ::testing::Test {
protected:
    Following() { std::filesystem::create_directory(spool_); }

    static std::string line(int number) { return fmt::format(fmt::runtime(zeek_dns), number, number) + "\n"; }
    void write(int first, int last, const char* name = "dns.log") const {
        std::ofstream file{folder_.path() / name, std::ios::app};
        for (int number = first; number <= last; ++number) file << line(number);
    }
    Result<Follower> open(spool::WriterLimits limits = {}) const {
        return Follower::open({{.path = folder_.path() / "dns.log"}, {.path = folder_.path() / "more.log"}},
                              spool_, {}, limits);
    }
    static void follow(Follower& follower) {
        for (;;) {
            const auto any = follower.step();
            ASSERT_TRUE(any) << any.error().what;
            if (!*any) return;
        }
    }
    void follow_on() const {
        auto follower = open();
        ASSERT_TRUE(follower) << follower.error().what;
        follow(*follower);
    }
    /// What was asked for, of all events in the spool.
    std::vector<std::string> asked() const {
        std::string text;
        spool::Reader reader{spool_};
        reader.seek(0);
        for (auto chunk = reader.next(); chunk && !chunk->empty(); chunk = reader.next())
            for (Bytes rest = chunk->records; !rest.empty();) {
                const auto record = std::get<Decoded<spool::Record>>(spool::decode_record(rest));
                text += spool::unpack(record.message).value();
                rest = rest.subspan(record.consumed);
            }
        std::vector<std::string> names;
        constexpr std::string_view key = R"("rrname":")";
        for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + 1))
            names.push_back(text.substr(at + key.size(), text.find('"', at + key.size()) - at - key.size()));
        return names;
    }
    static std::vector<std::string> names(int first, int last) {
        std::vector<std::string> all;
        for (int number = first; number <= last; ++number) all.push_back(fmt::format("n{}.example", number));
        return all;
    }

    ScratchFolder folder_;
    std::filesystem::path spool_ = folder_.path() / "spool";
};

TEST(Source, IsAFileOrASocketByItsWholeName) {
    EXPECT_EQ(parse_source("/var/log/suricata/eve.json")->door, std::nullopt);
    EXPECT_EQ(parse_source("unix:/run/ward/eve")->door, DoorKind::stream);
    EXPECT_EQ(parse_source("unixgram:/run/ward/eve")->door, DoorKind::datagram);
    EXPECT_EQ(parse_source("unix:/run/ward/eve")->path, "/run/ward/eve");
    for (const auto* text : {"", "eve.json", "unix:eve", "/var/log/", "tcp://10.0.0.1:99"})
        EXPECT_EQ(parse_source(text).error().code, Errc::malformed) << text;
}

TEST_F(Following, WhatAnotherSensorWritesIsInTheSpoolAsOurs) {
    auto follower = open();
    ASSERT_TRUE(follower) << follower.error().what;
    write(1, 2);
    follow(*follower);
    write(3, 3);
    follow(*follower);
    EXPECT_EQ(asked(), names(1, 3));
    EXPECT_EQ(follower->counts().events, 3U);
    EXPECT_EQ(follower->counts().foreign.zeek, 3U);
}

TEST_F(Following, OneThatBeginsAgainGoesOnWhereTheOtherEnded) {
    write(1, 2);
    follow_on();
    write(3, 4);
    follow_on();
    follow_on();
    EXPECT_EQ(asked(), names(1, 4));
}

TEST_F(Following, LinesOfASocketComeBesideThoseOfAFile) {
    const auto socket = folder_.path() / "eve";
    auto follower = Follower::open(
        {{.path = folder_.path() / "dns.log"}, {.path = socket, .door = DoorKind::datagram}}, spool_, {});
    ASSERT_TRUE(follower) << follower.error().what;
    EXPECT_EQ(follower->waited_for().size(), 1U);
    write(1, 1);
    follow(*follower);
    // netcat is not everywhere; bash knows no Unix sockets.
    const auto said = std::system(fmt::format("printf '%s' '{}' | python3 -c 'import socket, sys; "
                                              "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto("
                                              "sys.stdin.buffer.read(), \"{}\")'",
                                              line(2), socket.string())
                                      .c_str());
    ASSERT_EQ(said, 0);
    follow(*follower);
    write(3, 3);
    follow(*follower);
    EXPECT_EQ(asked(), names(1, 3));
}

TEST_F(Following, ALineThatNoSpoolTakesIsPassedOver) {
    {
        std::ofstream file{folder_.path() / "dns.log"};
        file << line(1) << "{\"event_type\":\"x\",\"a\":\"" << std::string(600'000, 'x') << "\"}\n"
             << line(2);
    }
    auto follower = open();
    ASSERT_TRUE(follower);
    follow(*follower);
    EXPECT_EQ(asked(), names(1, 2));
    EXPECT_EQ(follower->counts().too_long + follower->counts().foreign.refused, 1U);
}

TEST_F(Following, ASourceThatCannotBeReadKeepsNoOtherFromBeing) {
    std::filesystem::create_directory(folder_.path() / "conn.log");
    auto follower = Follower::open(
        {{.path = folder_.path() / "conn.log"}, {.path = folder_.path() / "dns.log"}}, spool_, {});
    ASSERT_TRUE(follower);
    write(1, 2);
    EXPECT_FALSE(follower->step());
    EXPECT_EQ(asked(), names(1, 2));
}

TEST_F(Following, MarksThatAreDamagedAreToldOf) {
    write(1, 1);
    follow_on();
    std::ofstream{spool_ / "followed.json"} << "{";
    EXPECT_EQ(open().error().code, Errc::corrupt);
}

TEST_F(Following, NothingIsLostOrDoubledWhenItIsKilled) {
    const auto seed = std::random_device{}();
    fmt::print("seed {}\n", seed);
    std::mt19937 dice{seed};
    constexpr int rounds = 40, events = 300;
    for (int round = 0; round < rounds; ++round) {
        write(round * events + 1 + rounds * events, (round + 1 + rounds) * events, "more.log");
        // Of what is put aside twice while nobody reads, only the first is found again.
        if (round % 7 == 3) follow_on();
        write(round * events + 1, (round + 1) * events);
        if (round % 7 == 3)
            std::filesystem::rename(folder_.path() / "dns.log",
                                    folder_.path() / fmt::format("dns.{}.log", round));
        const auto child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {   // small segments make many records
            auto follower = open({.segment_bytes = 4'096});
            while (follower)
                if (!follower->step()) break;
            ::_exit(1);
        }
        ::poll(nullptr, 0, std::uniform_int_distribution{0, 20}(dice));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "in round " << round;
    }
    follow_on();
    auto in_spool = asked();
    const auto wanted = names(1, 2 * rounds * events);
    std::ranges::sort(in_spool, {}, [](const std::string& name) { return std::stoi(name.substr(1)); });
    ASSERT_EQ(in_spool.size(), wanted.size()) << "from " << in_spool.front() << " to " << in_spool.back();
    EXPECT_EQ(in_spool, wanted);
}

}   // namespace
}   // namespace ward::follow
