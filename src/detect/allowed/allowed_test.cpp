// SPDX-License-Identifier: Apache-2.0
#include "detect/allowed/allowed.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

constexpr AllowedLimits small{.devices_max = 100, .fresh_max = 50};

class NewBehaviour : public ::testing::Test {
protected:
    void role(std::chrono::minutes at, std::string_view address, std::string_view role,
              std::string_view criticality = "life-critical") {
        watching_.see_beside(at, "device", "10.0.0.1", "10.0.0.2",
                             fmt::format(R"({{"role":"{}","criticality":"{}","addresses":["{}"]}})", role,
                                         criticality, address),
                             R"("app_proto":"")");
    }
    void talk(std::chrono::minutes at, std::string_view client, std::string_view server, std::uint16_t port,
              std::string_view protocol = "tls") {
        watching_.to_port(port);
        watching_.see_beside(at, "flow", client, server, R"({"bytes_toclient":100})",
                             fmt::format(R"("app_proto":"{}")", protocol));
    }
    void write(std::chrono::minutes at, std::string_view client, std::string_view server,
               std::string_view function) {
        watching_.to_port(502);
        watching_.see_beside(at, "modbus", client, server, fmt::format(R"({{"function":"{}"}})", function),
                             R"("app_proto":"modbus")");
    }
    /// Pumps that call their server every quarter of an hour.
    void pumps(std::chrono::minutes from, std::chrono::minutes until, int first = 1, int last = 5) {
        for (int pump = first; pump <= last; ++pump)
            role(from, fmt::format("10.0.1.{}", pump), "infusion pump");
        for (auto at = from; at < until; at += 15min)
            for (int pump = first; pump <= last; ++pump)
                talk(at, fmt::format("10.0.1.{}", pump), "10.0.5.1", 6464);
    }
    /// Something happens, so that what was collected is told.
    void later(std::chrono::minutes at) { talk(at, "10.0.1.1", "10.0.5.1", 6464); }
    Watching<Allowed> watching_{small};
};

TEST_F(NewBehaviour, OfAPumpIsWhatNeitherItNorItsKindEverDid) {
    pumps(0min, 24h * 3);
    talk(24h * 3, "10.0.9.9", "10.0.1.3", 22, "ssh");
    talk(24h * 3 + 1min, "10.0.1.3", "10.0.7.1", 445, "smb");
    EXPECT_TRUE(watching_.findings().empty()) << "what is new is collected first";
    later(24h * 3 + 31min);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "new-behaviour");
    EXPECT_EQ(finding.severity, Severity::medium);
    EXPECT_EQ(finding.sentence,
              "The infusion pump 10.0.1.3 answers at port 22 (ssh), which neither it nor another "
              "of its kind ever did.");
    ASSERT_EQ(finding.facts.size(), 2U);
    EXPECT_EQ(finding.facts[1].what, "asks others at port 445 (smb)");
    EXPECT_EQ(finding.facts[1].usual, "never, nor do 4 others of its kind");
    EXPECT_EQ(finding.systems.front(), "10.0.1.3") << "it asked, too";
    EXPECT_EQ(finding.events.size(), 2U);
    EXPECT_LT(finding.confidence, 70) << "it is not shown alone";
    EXPECT_TRUE(finding.against.empty());
}

TEST_F(NewBehaviour, IsTheDeedOfWhoeverAsks) {
    pumps(0min, 24h * 3);
    talk(24h * 3, "10.0.9.9", "10.0.1.3", 22, "ssh");
    later(24h * 3 + 31min);
    EXPECT_EQ(watching_.findings().front().systems, (std::vector<std::string>{"10.0.9.9", "10.0.1.3"}));
}

TEST_F(NewBehaviour, IsToldOnceADayAndIsUsualThen) {
    pumps(0min, 24h * 3);
    for (int day = 3; day < 6; ++day)
        for (int hour = 0; hour < 24; ++hour) {
            talk(24h * day + 1h * hour, "10.0.9.9", "10.0.1.3", 22, "ssh");
            talk(24h * day + 1h * hour, "10.0.9.9", "10.0.1.4", 22, "ssh");
        }
    later(24h * 6);
    EXPECT_EQ(watching_.findings().size(), 2U) << "once for each of the two";
    talk(24h * 6, "10.0.9.9", "10.0.1.5", 22, "ssh");
    later(24h * 6 + 31min);
    EXPECT_EQ(watching_.findings().size(), 2U) << "others of its kind do so now";
}

TEST_F(NewBehaviour, IsNotJudgedOnTheFirstMorning) {
    pumps(0min, 11h);
    talk(11h, "10.0.9.9", "10.0.1.3", 22, "ssh");
    later(12h);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(NewBehaviour, OfADeviceThatCameTodayIsHeldAgainstItsKind) {
    pumps(0min, 24h * 2);
    pumps(24h * 2, 24h * 2 + 2h, 6, 6);
    later(24h * 2 + 3h);
    EXPECT_TRUE(watching_.findings().empty()) << "it does what its kind does";
    talk(24h * 2 + 3h, "10.0.1.6", "10.0.7.1", 445, "smb");
    later(24h * 2 + 4h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems.front(), "10.0.1.6");
}

TEST_F(NewBehaviour, OfADeviceWithoutAKindIsHeldAgainstItsOwnPast) {
    role(0min, "10.0.2.1", "PACS", "care-critical");
    for (int hour = 0; hour < 60; ++hour) talk(1h * hour, "10.0.2.9", "10.0.2.1", 104, "dicom");
    talk(60h, "10.0.2.1", "10.0.7.1", 445, "smb");
    later(61h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().facts.front().usual, "never");
}

TEST_F(NewBehaviour, IsAFunctionThatWasNeverAskedFor) {
    for (int one = 1; one < 5; ++one)
        role(0min, fmt::format("10.0.3.{}", one), "building controller", "supporting");
    for (int hour = 0; hour < 60; ++hour)
        for (int one = 1; one < 5; ++one)
            write(1h * hour, "10.0.9.9", fmt::format("10.0.3.{}", one), "RdHoldRegs");
    write(60h, "10.0.9.9", "10.0.3.2", "WrSingleReg");
    later(61h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.facts.front().what, "is sent WrSingleReg (modbus)");
    EXPECT_EQ(finding.severity, Severity::low);
    EXPECT_EQ(finding.techniques.front(), "T0855");
}

TEST_F(NewBehaviour, IsNoneOfPeople) {
    role(0min, "10.0.1.1", "workstation");
    for (int hour = 0; hour < 100; ++hour)
        talk(1h * hour, "10.0.1.1", "10.0.5.1", static_cast<std::uint16_t>(1000 + hour));
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(NewBehaviour, IsAChangeWhereManyDoTheSame) {
    pumps(0min, 24h * 3);
    for (int pump = 1; pump < 5; ++pump)
        talk(24h * 3, fmt::format("10.0.1.{}", pump), "10.0.6.1", 123, "ntp");
    later(24h * 3 + 31min);
    ASSERT_EQ(watching_.findings().size(), 4U);
    EXPECT_EQ(watching_.findings().back().against.front().what,
              "devices that newly do the same within a day");
    EXPECT_LT(watching_.findings().back().confidence, 20);
}

TEST_F(NewBehaviour, IsToldOfAFewWhereAllDoTheSame) {
    pumps(0min, 24h * 3, 1, 20);
    for (int pump = 1; pump < 20; ++pump)
        talk(24h * 3, fmt::format("10.0.1.{}", pump), "10.0.6.1", 123, "ntp");
    later(24h * 3 + 31min);
    EXPECT_LE(watching_.findings().size(), small.changed_max);
}

/// How often it is told that somebody reaches a PACS by ssh, who does so for days, and again when there was
/// so much else that it has to be on the list not to be new.
std::size_t times_told(const Findings& others) {
    Allowed detector{IpAddressHash{}, small};
    Findings findings = others;
    const auto see = [&](std::chrono::hours at, std::string_view type, std::string_view client, int port,
                         std::string_view own) {
        std::string time;
        event::append_text(time, Watching<Allowed>::begin + at);
        const auto document = json::Document::parse(fmt::format(
            R"({{"timestamp":"{}","event_type":"{}","src_ip":"{}","src_port":40000,"dest_ip":"10.0.2.1",)"
            R"("dest_port":{},"proto":"TCP","{}":{}}})",
            time, type, client, port, type, own));
        detector.see(*read_eve(*document), findings);
    };
    see(0h, "device", "10.0.0.1", 1,
        R"({"role":"PACS","criticality":"care-critical","addresses":["10.0.2.1"]})");
    const auto answer = [&](std::chrono::hours at, std::string_view client, int port) {
        see(at, "flow", client, port, R"({"bytes_toclient":9})");
    };
    for (int hour = 0; hour < 60; ++hour) answer(1h * hour, "10.0.2.9", 104);
    for (int hour = 60; hour < 120; ++hour) answer(1h * hour, "10.0.9.9", 22);
    for (int port = 0; port < 20; ++port) answer(120h, "10.0.2.9", 1000 + port);
    for (int hour = 121; hour < 150; ++hour) answer(1h * hour, "10.0.2.9", 104);
    answer(150h, "10.0.9.9", 22);
    answer(151h, "10.0.2.9", 104);
    return findings.size() - others.size();
}

TEST_F(NewBehaviour, OfThoseOfWhomElseWasFoundIsNotLearned) {
    EXPECT_EQ(times_told({}), 2U);
    EXPECT_EQ(
        times_told({Finding{
            .kind = "worm", .severity = Severity::critical, .confidence = 90, .systems = {"10.0.9.9"}}}),
        3U);
}

TEST_F(NewBehaviour, IsKnownToAnybodyWhereManyNetworksAreServed) {
    role(0min, "10.0.2.1", "LIS");
    for (int hour = 0; hour < 60; ++hour)
        talk(1h * hour, fmt::format("10.0.{}.9", 20 + hour % 10), "10.0.2.1", 2575, "hl7");
    talk(60h, "10.0.99.1", "10.0.2.1", 2575, "hl7");
    later(61h);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(NewBehaviour, IsLookedForWithinBounds) {
    for (int i = 0; i < 60; ++i)
        talk(1min * i, fmt::format("10.0.{}.1", i), fmt::format("10.1.{}.1", i), 443);
    EXPECT_EQ(watching_.forgotten(), 20U);
    role(0min, "10.0.2.1", "LIS");
    for (int i = 0; i < 60; ++i) talk(1h * i, "10.0.2.1", "10.0.5.1", 443);
    for (int i = 0; i < 400; ++i)
        talk(60h + 1min * i, "10.0.2.1", "10.0.5.1", static_cast<std::uint16_t>(1000 + i));
    later(70h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().facts.size(), small.facts_max + 1);
    EXPECT_GT(watching_.forgotten(), 300U) << "habits that are new for somebody";
}

TEST_F(NewBehaviour, OfADeviceThatDoesAnythingIsNone) {
    role(0min, "10.0.2.1", "LIS");
    for (int i = 0; i < 100; ++i)
        talk(10min * i, "10.0.2.1", "10.0.5.1", static_cast<std::uint16_t>(1000 + i));
    for (int i = 0; i < 60; ++i)
        talk(30h + 1h * i, "10.0.2.1", "10.0.5.1", static_cast<std::uint16_t>(2000 + i));
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
