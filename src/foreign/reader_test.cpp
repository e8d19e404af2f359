// SPDX-License-Identifier: Apache-2.0
#include "foreign/reader.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace ward::foreign {
namespace {

constexpr std::string_view ours =
    R"({"timestamp":"2026-03-02T10:00:00Z","event_type":"tls","src_ip":"10.0.1.7","dest_ip":"10.0.0.1",)"
    R"("tls":{}})";
constexpr std::string_view suricata =
    R"({"timestamp":"2026-03-02T10:00:00Z","event_type":"tls","src_ip":"10.0.1.7","dest_ip":"10.0.0.1",)"
    R"("ip_v":4,"tls":{}})";
constexpr std::string_view zeek = R"({"ts":1772445600.0,"id.orig_h":"10.0.1.7","id.resp_h":"10.0.0.1"})";

std::vector<std::string> read(Reader& reader, std::string_view line) {
    std::vector<std::string> lines;
    reader.read(line, [&](std::string_view one) { lines.emplace_back(one); });
    return lines;
}

TEST(Reading, LeavesOurOwnLinesAsTheyAre) {
    Reader reader{"events.json"};
    for (const auto line :
         {ours, std::string_view{"{\"ts\":"}, std::string_view{""}, std::string_view{"[1]"}})
        EXPECT_EQ(read(reader, line), std::vector{std::string{line}});
    EXPECT_EQ(reader.counts().suricata + reader.counts().zeek + reader.counts().left_out, 0U);
}

TEST(Reading, KnowsSuricataAndZeekByTheirLines) {
    Reader reader{"ssl.log"};
    EXPECT_NE(read(reader, suricata).at(0).find(R"("told_by":"suricata")"), std::string::npos);
    EXPECT_NE(read(reader, zeek).at(0).find(R"("told_by":"zeek")"), std::string::npos);
    EXPECT_EQ(reader.counts().suricata, 1U);
    EXPECT_EQ(reader.counts().zeek, 1U);
}

TEST(Reading, TakesALineThatCouldBeAnybodysForOneOfThoseBefore) {
    Reader reader{"eve.json"};
    read(reader, suricata);
    EXPECT_NE(read(reader, ours).at(0).find(R"("told_by":"suricata")"), std::string::npos);
}

TEST(Reading, TranslatesNothingTwice) {
    Reader reader{"-"};
    const auto once = read(reader, suricata).at(0);
    EXPECT_EQ(read(reader, once).at(0), once);
}

TEST(Reading, CanBeToldWhoseTheLinesAre) {
    Reader forced{"-", Sensor::suricata}, never{"-", Sensor::ward};
    EXPECT_NE(read(forced, ours).at(0).find(R"("told_by":"suricata")"), std::string::npos);
    EXPECT_EQ(read(never, suricata).at(0), suricata);
    EXPECT_EQ(sensor_named("zeek"), Sensor::zeek);
    EXPECT_FALSE(sensor_named("snort"));
}

TEST(Reading, CountsWhatNoEventOfOursSays) {
    Reader reader{"pe.log"};
    EXPECT_TRUE(read(reader, zeek).empty());
    EXPECT_EQ(reader.counts().left_out, 1U);
}

TEST(Reading, PassesABrokenEventOnToBeRefused) {
    Reader reader{"ssl.log"};
    constexpr std::string_view broken = R"({"ts":"yesterday"})";
    EXPECT_EQ(read(reader, broken).at(0), broken);
}

TEST(Reader, WhereUnknownLinesAreRefusedNeitherOursNorBrokenOnesPass) {
    Reader reader{"eve.json", {}, Unknown::refused};
    std::vector<std::string> taken;
    for (const auto* line : {"no event, but a patient's name", "{}", R"({"event_type":"device","device":{}})",
                             R"({"event_type":"smtp","told_by":"suricata","smtp":{"rcpt_to":"a@b"}})", ""})
        reader.read(line, [&](std::string_view event) { taken.emplace_back(event); });
    EXPECT_TRUE(taken.empty()) << taken.front();
    EXPECT_EQ(reader.counts().refused, 4U);
}

}   // namespace
}   // namespace ward::foreign
