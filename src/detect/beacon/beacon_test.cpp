// SPDX-License-Identifier: Apache-2.0
#include "detect/beacon/beacon.hpp"

#include <random>

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Beacons : public ::testing::Test {
protected:
    void call(std::chrono::minutes at, std::string_view client = "10.0.1.7",
              std::string_view server = "192.0.2.9") {
        watching_.see(at, "flow", client, server, R"({"bytes_toserver":900,"bytes_toclient":400})");
    }
    /// Apart by so much, and up to a third more or less.
    void beacon(std::chrono::minutes apart, std::chrono::hours span, std::string_view client = "10.0.1.7") {
        std::mt19937 dice{7};
        const auto third = apart / 3;
        for (auto at = 0min; at < span; at += apart - third + 1min * (dice() % 100) * third.count() / 50)
            call(at, client);
    }
    Watching<Beacon> watching_{BeaconLimits{.pairs_max = 30, .sites_max = 30}};
};

TEST_F(Beacons, KeepTimeWithSomeJitterDayAndNight) {
    beacon(40min, 24h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "beacon");
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.1.7", "192.0.2.9"}));
    EXPECT_LT(finding.at, Watching<Beacon>::begin + 16h);
    EXPECT_EQ(finding.facts[3].now, "1");
}

TEST_F(Beacons, AreLessOddOfAServerThanOfAComputerThatSomebodySitsAt) {
    beacon(40min, 24h);
    EXPECT_TRUE(watching_.findings().front().against.empty());
    for (int host = 1; host < 10; ++host)
        watching_.see(24h, "flow", fmt::format("10.0.2.{}", host), "10.0.1.8",
                      R"({"bytes_toserver":900,"bytes_toclient":400})");
    beacon(40min, 24h, "10.0.1.8");
    const auto& against = watching_.findings().back().against;
    ASSERT_EQ(against.size(), 2U);
    EXPECT_EQ(against[0].what, "others that it serves");
    EXPECT_EQ(against[1].what, "computers that call it as well");
}

TEST_F(Beacons, AreToldOnce) {
    beacon(30min, 24h * 20);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(Beacons, AreNotWhatEndsWithTheWorkingDay) {
    for (int day = 0; day < 5; ++day)
        for (int call_of_day = 0; call_of_day < 27; ++call_of_day) call(24h * day + 8h + 20min * call_of_day);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Beacons, AreNotWhatManyHostsHaveInstalled) {
    for (int round = 0; round < 60; ++round)
        for (int host = 0; host < 5; ++host)
            call(30min * round + 1min * host, fmt::format("10.0.1.{}", host));
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Beacons, AreNotSitesOfAMakerWhomManyCall) {
    for (int site = 1; site < 5; ++site)
        watching_.see(0min, "dns", "10.0.1.1", "10.0.0.1",
                      fmt::format(R"({{"rrname":"s{0}.maker.co.uk","answers":[{{"rrtype":"A",)"
                                  R"("rdata":"192.0.2.{0}"}}]}})",
                                  site));
    for (int round = 0; round < 60; ++round)
        for (int site = 1; site < 5; ++site)
            call(30min * round + 1min * site, fmt::format("10.0.1.{}", site),
                 fmt::format("192.0.2.{}", site));
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Beacons, AreFoundBesideThoseWhoLookAtAPageOfTheSameSite) {
    for (int host = 20; host < 40; ++host) call(0min, fmt::format("10.0.1.{}", host));
    beacon(40min, 24h);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(Beacons, AreNotWhatPeopleDo) {
    std::mt19937 dice{11};
    auto at = 0min;
    for (int i = 0; i < 200; ++i) call(at += std::chrono::minutes{1 + dice() % (i % 5 == 0 ? 300 : 20)});
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Beacons, AreLookedForWithinBounds) {
    for (int i = 0; i < 200; ++i) call(1min * i, "10.0.1.7", fmt::format("192.0.2.{}", i));
    EXPECT_EQ(watching_.forgotten(), 170U);
}

}   // namespace
}   // namespace ward::detect
