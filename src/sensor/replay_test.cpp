// SPDX-License-Identifier: Apache-2.0
#include "sensor/replay.hpp"

#include <gmock/gmock.h>

#include <random>

#include "core/scratch_folder.hpp"
#include "sensor/packets_test.hpp"

namespace ward::sensor {
namespace {

const std::string message =
    "\x0bMSH|^~\\&|BED4|UNIT07|HIS|CLIN|20260911||ORU^R01^ORU_R01|M1|P|2.5.1\rPID|1||4711\r\x1c\r";

/// Many hosts that talk at the same time, some of which never finish.
Tape ward_at_work() {
    Tape tape;
    std::vector<Connection> talks;
    for (std::uint16_t i = 0; i < 200; ++i)
        talks.emplace_back(tape, Host{"10.0.1." + std::to_string(i), static_cast<std::uint16_t>(40000 + i)},
                           Host{"10.0.2." + std::to_string(i % 7), 2575});
    std::mt19937 random{11};
    for (auto& talk : talks) talk.open();
    for (int i = 0; i < 2000; ++i) talks[random() % talks.size()].client(message);
    for (std::size_t i = 0; i < talks.size(); i += 3) talks[i].close();
    tape.after(std::chrono::minutes{2});
    for (int i = 0; i < 500; ++i) {
        talks[1 + random() % 150 / 3 * 3].client(message);
        tape.add(Packet::udp({"10.0.3.1", 9}, {"10.0.3." + std::to_string(i % 200), 9}, "x"));
    }
    return tape;
}

struct Played {
    std::string text;
    ReplayCounts counts;
};

Played play(const std::string& file, unsigned threads) {
    Played played;
    devices::Inventory inventory;
    Replay replay{{.memory_max = std::size_t{64} << 20,
                   .threads = threads,
                   .pseudonymise = {},
                   .inventory = &inventory},
                  append_eve,
                  [&](std::string_view text) -> Result<> { return played.text += text, Result<>{}; }};
    EXPECT_TRUE(replay.read(file));
    EXPECT_TRUE(replay.finish());
    played.counts = replay.counts();
    return played;
}

TEST(Replay, SaysTheSameWithAnyNumberOfThreads) {
    const ScratchFolder folder;
    const std::string file = folder / "ward.pcap";
    ward_at_work().save(file);
    const auto alone = play(file, 1);
    EXPECT_EQ(alone.counts.events.at("hl7"), 2500u);
    EXPECT_EQ(alone.counts.events.at("flow"), 400u);
    EXPECT_GT(alone.counts.events.at("device"), 0u);
    for (unsigned threads = 2; threads <= 8; ++threads) {
        const auto together = play(file, threads);
        EXPECT_EQ(together.text, alone.text) << threads << " threads";
        EXPECT_EQ(together.counts.engine.packets, alone.counts.engine.packets);
        EXPECT_EQ(together.counts.events, alone.counts.events);
    }
}

TEST(Replay, AFlowGoesOnFromOneFileToTheNext) {
    const ScratchFolder folder;
    Tape tape;
    Connection{tape, {"10.0.0.1", 40000}, {"10.0.0.2", 2575}}.open().client(message);
    Tape rest = tape;
    rest.frames.erase(rest.frames.begin(), rest.frames.begin() + 3);
    tape.frames.resize(3);
    tape.save(folder / "1.pcap");
    rest.save(folder / "2.pcap");
    std::string text;
    Replay replay{
        {}, append_eve, [&](std::string_view more) -> Result<> { return text += more, Result<>{}; }};
    ASSERT_TRUE(replay.read(folder / "1.pcap"));
    ASSERT_TRUE(replay.read(folder / "2.pcap"));
    ASSERT_TRUE(replay.finish());
    EXPECT_EQ(replay.counts().engine.flows, 1u);
    EXPECT_EQ(replay.counts().events.at("hl7"), 1u);
}

TEST(Replay, WhatStoodBeforeTheDamageIsTold) {
    const ScratchFolder folder;
    Tape tape;
    for (int i = 0; i < 2; ++i) tape.add(Packet::udp({"10.0.0.1", 1}, {"10.0.0.2", 2}, "x"));
    tape.save(folder / "cut.pcap");
    std::filesystem::resize_file(folder / "cut.pcap", std::filesystem::file_size(folder / "cut.pcap") - 1);
    for (const unsigned threads : {1U, 4U}) {
        std::string text;
        Replay replay{{.threads = threads, .pseudonymise = {}},
                      append_eve,
                      [&](std::string_view more) -> Result<> { return text += more, Result<>{}; }};
        const auto read = replay.read(folder / "cut.pcap");
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, Errc::malformed);
        ASSERT_TRUE(replay.finish());
        EXPECT_NE(text.find("\"pkts_toserver\":1"), std::string::npos) << text;
    }
}

TEST(Replay, TellsOfDevicesWhileItReads) {
    const ScratchFolder folder;
    const std::string file = folder / "ward.pcap";
    Tape tape;
    for (std::uint16_t port = 40000; port < 40003; ++port) {
        Connection{tape, {"10.0.0.1", port}, {"10.0.0.2", 2575}}.open().client(message).close();
        tape.after(std::chrono::minutes{20});
    }
    tape.save(file);
    const auto text = play(file, 1).text;
    const auto device = text.find(R"("event_type":"device")");
    ASSERT_NE(device, std::string::npos);
    EXPECT_NE(text.find(R"("event_type":"hl7")", device), std::string::npos) << "and not at the end";
}

TEST(Replay, AnErrorOfTheWriterEndsIt) {
    const ScratchFolder folder;
    const std::string file = folder / "ward.pcap";
    ward_at_work().save(file);
    Replay replay{
        {}, append_eve, [](std::string_view) -> Result<> { return fail(Errc::unavailable, "full"); }};
    const auto read = replay.read(file);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().what, "full");
}

}   // namespace
}   // namespace ward::sensor
