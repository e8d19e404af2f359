// SPDX-License-Identifier: Apache-2.0
#include "detect/profile/profile.hpp"

#include <functional>

#include "detect/watching_test.hpp"
#include "learn/dice.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

/// Forty workstations that each send a server about 20 kB an hour and a site about 2 kB.
class Unusual : public ::testing::Test {
protected:
    static constexpr int hosts = 40;

    explicit Unusual(ProfileLimits limits = {.hosts_max = 200}) : watching_(limits) {
        for (int host = 0; host < hosts; ++host) introduce(host);
    }
    void introduce(int host) {
        watching_.see(1h * hour_, "device", "10.0.9.9", "10.0.9.8",
                      fmt::format(R"({{"addresses":["{}"],"role":"workstation"}})", address(host)));
    }
    static std::string address(int host) { return fmt::format("10.0.1.{}", host + 1); }
    void flow(int host, std::string_view server, double bytes) {
        watching_.see(
            1h * hour_, "flow", address(host), server,
            fmt::format(R"({{"bytes_toserver":{:.0f},"bytes_toclient":{:.0f}}})", bytes, bytes / 3));
    }
    void live(
        int hours, const std::function<void()>& also = [] {}) {
        for (const auto until = hour_ + hours; hour_ < until; ++hour_) {
            for (int host = 0; host < hosts; ++host) {
                for (int i = 0; i < 2; ++i) flow(host, "10.0.2.1", 10e3 * std::exp(0.3 * dice_.normal()));
                if (dice_.uniform() < 0.5) flow(host, "192.0.2.80", 2e3 * std::exp(0.5 * dice_.normal()));
            }
            also();
        }
    }
    void steal(int host, double bytes) {
        for (int i = 0; i < 10; ++i) flow(host, fmt::format("192.0.2.{}", 100 + i), bytes / 10);
    }
    std::vector<std::string> told() const {
        std::vector<std::string> systems;
        for (const auto& finding : watching_.findings()) systems.push_back(finding.systems.front());
        return systems;
    }

    int hour_ = 0;
    learn::Dice dice_{1};
    Watching<Profile> watching_;
};

TEST_F(Unusual, IsAnHourInWhichMuchLeaves) {
    live(72);
    EXPECT_TRUE(told().empty());
    steal(7, 300e6);
    live(2);
    ASSERT_EQ(told(), std::vector{address(7)}) << "when the hour is over";
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "unusual-traffic");
    EXPECT_GE(finding.facts.size(), 3U);
    EXPECT_LE(finding.facts.size(), 5U);
    for (const auto& fact : finding.facts) {
        EXPECT_NE(fact.usual.find("for its kind (workstation)"), std::string::npos);
        EXPECT_NE(fact.usual.find("for itself"), std::string::npos);
    }
    const auto outside =
        std::ranges::find(finding.facts, "bytes sent to the internet, in an hour", &Fact::what);
    ASSERT_NE(outside, finding.facts.end());
    EXPECT_EQ(outside->now.substr(0, 3), "300");
    EXPECT_NE(std::ranges::find(finding.techniques, "T1048"), finding.techniques.end());
    EXPECT_FALSE(finding.events.empty());
}

TEST_F(Unusual, IsToldOfADeviceOfAKnownKindFromItsFirstHour) {
    live(72);
    introduce(99);
    steal(99, 300e6);
    live(2);
    EXPECT_EQ(told(), std::vector{address(99)});
}

TEST_F(Unusual, IsNotToldOfWhoIsNewAndOfNoKnownKind) {
    live(72);
    steal(99, 300e6);
    live(2);
    EXPECT_TRUE(told().empty());
}

TEST_F(Unusual, IsNothingBeforeTheKindIsKnown) {
    live(10);
    steal(7, 300e6);
    live(2);
    EXPECT_TRUE(told().empty());
}

TEST_F(Unusual, IsNothingThatIsOddButLittle) {
    live(72);
    for (int i = 0; i < 2; ++i) flow(7, fmt::format("10.0.3.{}", i), 50);   // hosts that no other speaks to
    live(2);
    EXPECT_TRUE(told().empty());
}

TEST_F(Unusual, HoursAreToldSoManyADay) {
    live(72);
    for (int host = 0; host < 10; ++host) steal(host, 300e6);
    live(2);
    EXPECT_EQ(told().size(), 2U);
}

TEST_F(Unusual, AnAttackThatGrowsEveryDayTeachesNothing) {
    live(72);
    double bytes = 10e3;
    for (int day = 0; day < 24; ++day, bytes *= 1.5) live(24, [&] { steal(7, bytes); });
    ASSERT_FALSE(told().empty());
    EXPECT_EQ(std::ranges::count(told(), address(7)), std::ssize(told())) << "nobody else is odd";
    const auto before = told().size();
    // What it grew to is as odd for another one as on the first day.
    steal(20, bytes);
    live(2);
    ASSERT_EQ(told().size(), before + 1);
    EXPECT_EQ(told().back(), address(20));
}

TEST_F(Unusual, IsJudgedAlikeAfterARestart) {
    live(72);
    steal(7, 200e6);
    state::Writer out;
    state::Kept writes{out};
    watching_.detector().state(writes);
    Profile again{IpAddressHash{99}};   // another secret
    state::Reader in{out.state()};
    state::Kept reads{in};
    again.state(reads);
    ASSERT_TRUE(in.finished().has_value());
    watching_.detector() = std::move(again);
    steal(7, 100e6);   // in the same hour
    live(2);
    ASSERT_EQ(told(), std::vector{address(7)});
    const auto& facts = watching_.findings().front().facts;
    const auto outside = std::ranges::find(facts, "bytes sent to the internet, in an hour", &Fact::what);
    ASSERT_NE(outside, facts.end());
    EXPECT_EQ(outside->now.substr(0, 3), "300");
}

class Open : public Unusual {
protected:
    Open() : Unusual(ProfileLimits{.alerts_a_day = 4, .learned = 0, .hosts_max = 200}) {}
};

TEST_F(Open, WhatWasTaughtIsForgottenByDate) {
    live(96);
    const auto good = Watching<Profile>::begin + 1h * hour_;
    live(120, [&] {
        for (int host = 0; host < 20; ++host) steal(host, 300e6);
    });
    const auto before = told().size();
    steal(30, 300e6);
    live(2);
    ASSERT_EQ(told().size(), before) << "half of its kind does so by now";
    watching_.detector().roll_back(good);
    steal(31, 300e6);
    live(2);
    ASSERT_EQ(told().size(), before + 1);
    EXPECT_EQ(told().back(), address(31));
}

TEST_F(Unusual, OfTooManyHostsSomeAreForgotten) {
    for (int host = 0; host < 250; ++host)
        watching_.see(1h, "flow", fmt::format("10.1.1.{}", host), "10.0.2.1", R"({"bytes_toserver":900})");
    EXPECT_EQ(watching_.forgotten(), 51U) << "the server is one, too";
}

}   // namespace
}   // namespace ward::detect
