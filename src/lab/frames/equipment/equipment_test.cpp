// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/equipment_traffic.hpp"

#include <gtest/gtest.h>
#include <set>

#include "lab/day_test.hpp"
#include "lab/frames/equipment/print_job.hpp"
#include "lab/frames/equipment/snmp.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

constexpr std::size_t macs_at = 6, type_at = 12, protocol_at = 23, ports_at = 34;

/// A small hospital's day, of which the frames of its equipment are looked at.
class EquipmentOfADay : public testing::Test {
protected:
    EquipmentOfADay() {
        story_.agenda().run_until(story_.begin() + days{1});
        tap_.pass(Moment::max());
    }

    void hear(const Frame& frame) {
        ++frames_;
        Mac from{};
        for (std::size_t i = 0; i < from.size(); ++i)
            from[i] = std::to_integer<std::uint8_t>(frame.bytes[macs_at + i]);
        heard_.insert(from);
        if (number_at(frame.bytes, type_at) != 0x0800) return;
        const auto protocol = std::to_integer<int>(frame.bytes[protocol_at]);
        for (const auto at : {ports_at, ports_at + 2}) ++spoken_[{protocol, number_at(frame.bytes, at)}];
    }
    static int number_at(const Buffer& bytes, std::size_t at) {
        return std::to_integer<int>(bytes[at]) << 8 | std::to_integer<int>(bytes[at + 1]);
    }

    Story story_{Size::small, 7, 2026y / 3 / 2};
    std::uint64_t frames_ = 0;
    std::set<Mac> heard_;
    std::map<std::pair<int, int>, int> spoken_;   // of each protocol and port
    Tap tap_{[this](const Frame& frame) { hear(frame); }};
    Wires wires_{tap_, story_};
    EquipmentTraffic traffic_{wires_};
};

TEST_F(EquipmentOfADay, IsHeardDeviceByDevice) {
    std::set<DeviceKind> kinds;
    for (const auto& device : story_.network().equipment) {
        kinds.insert(device.kind);
        EXPECT_TRUE(heard_.contains(device.mac)) << device.name;
    }
    for (auto kind = DeviceKind::desk_phone; kind <= DeviceKind::media_server;
         kind = static_cast<DeviceKind>(static_cast<int>(kind) + 1))
        EXPECT_TRUE(kinds.contains(kind)) << name_of(kind);
}

TEST_F(EquipmentOfADay, SaysLittle) {
    EXPECT_LT(frames_, 250 * story_.network().equipment.size());
    EXPECT_GT(frames_, 50 * story_.network().equipment.size());
}

TEST_F(EquipmentOfADay, SpeaksWhatItsKindsSpeak) {
    constexpr int tcp = 6, udp = 17;
    for (const auto port : {161, 5'060, 67, 123, 53, 3'702}) EXPECT_GT((spoken_[{udp, port}]), 10) << port;
    for (const auto port : {443, 554, 9'100, 80}) EXPECT_GT((spoken_[{tcp, port}]), 100) << port;
}

TEST(Practice, HasEquipmentOfFewKinds) {
    Story story{Size::clinic, 7, 2026y / 3 / 2};
    Tap tap{[](const Frame&) {}};
    Wires wires{tap, story};
    const EquipmentTraffic traffic{wires};
    story.agenda().run_until(story.begin() + days{1});
    EXPECT_GT(story.network().equipment.size(), 10U);
    EXPECT_LT(story.network().equipment.size(), 50U);
}

/// RFC 3416, section 3, and X.690, by hand.
TEST(Snmp, AsksForOneObject) {
    const std::array<snmp::Reading, 1> wanted{{{"1.3.6.1.2.1.1.3.0", snmp::Ticks{300}}}};
    EXPECT_EQ(to_hex(snmp::get({"public", 5}, wanted)),
              "3026020101"
              "04067075626c6963"
              "a019"
              "020105"
              "020100"
              "020100"
              "300e300c"
              "06082b06010201010300"
              "0500");
    EXPECT_EQ(to_hex(snmp::response({"public", 5}, wanted)),
              "3028020101"
              "04067075626c6963"
              "a21b"
              "020105"
              "020100"
              "020100"
              "3010300e"
              "06082b06010201010300"
              "4302012c");
}

TEST(PrintJob, TellsPagesFromLabels) {
    Random random{7};
    EXPECT_TRUE(as_text(page_job(2, random)).starts_with("\x1b%-12345X@PJL JOB"));
    EXPECT_TRUE(as_text(label_job(2, random)).starts_with("^XA"));
}

}   // namespace
}   // namespace ward::lab
