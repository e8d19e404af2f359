// SPDX-License-Identifier: Apache-2.0
#include "detect/visit/visit.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class AVisit : public ::testing::Test {
protected:
    static constexpr std::string_view gateway = "10.0.9.1";

    /// Of the visit: a flow of its own, which ends with leave().
    void come(std::chrono::minutes at, std::string_view from) {
        watching_.see(at, "tls", from, gateway, "{}");
    }
    void leave(std::chrono::minutes at, std::string_view from) {
        watching_.see(at, "flow", from, gateway, "{}");
    }
    void reach(std::chrono::minutes at, std::string_view machine) {
        watching_.see(at, "rdp", gateway, machine, "{}");
    }
    void call(std::chrono::minutes at, std::string_view machine, std::string_view site) {
        watching_.see(at, "flow", machine, site, R"({"bytes_toclient":900})");
    }
    /// To a scanner and a building controller.
    void visit_oddly(std::chrono::minutes at) {
        come(at, "192.0.2.9");
        reach(at + 1min, "10.0.3.5");
        reach(at + 9min, "10.0.4.6");
        leave(at + 30min, "192.0.2.9");
    }
    Watching<Visits> watching_{VisitLimits{}};
};

TEST_F(AVisit, ToMachinesOfSeveralNetworksAtNightIsTold) {
    visit_oddly(4h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "vendor-access");
    EXPECT_EQ(finding.severity, Severity::high);
    EXPECT_TRUE(finding.against.empty());
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"192.0.2.9", "10.0.9.1", "10.0.3.5", "10.0.4.6"}));
}

TEST_F(AVisit, IsLessOddByDayOrFromWhereOneCameBefore) {
    visit_oddly(12h);
    visit_oddly(24h * 2 + 4h);
    ASSERT_EQ(watching_.findings().size(), 2U);
    for (const auto& finding : watching_.findings()) EXPECT_EQ(finding.severity, Severity::medium);
    const auto& by_day = watching_.findings().front().against;
    ASSERT_EQ(by_day.size(), 1U);
    EXPECT_EQ(by_day.front().now, "by day");
    const auto& known = watching_.findings().back().against;
    ASSERT_EQ(known.size(), 1U);
    EXPECT_EQ(known.front().now, "one that came before");
}

TEST_F(AVisit, ToMachinesOfOneKindIsWhatVendorsDo) {
    come(4h, "192.0.2.9");
    for (int i = 1; i < 20; ++i) reach(4h + 1min * i, fmt::format("10.0.3.{}", i));
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(AVisit, EndsWhenWhoCameHasLeft) {
    come(4h, "192.0.2.9");
    reach(4h + 1min, "10.0.3.5");
    leave(4h + 5min, "192.0.2.9");
    reach(4h + 9min, "10.0.4.6");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(AVisit, IsFollowedByCallsToASiteThatNobodyKnew) {
    visit_oddly(4h);
    call(6h, "10.0.3.5", "198.51.100.7");
    EXPECT_EQ(watching_.findings().size(), 1U) << "one machine may have a reason";
    call(7h, "10.0.4.6", "198.51.100.7");
    ASSERT_EQ(watching_.findings().size(), 2U);
    EXPECT_EQ(watching_.findings().back().kind, "indicator");
    EXPECT_EQ(watching_.findings().back().confidence, 70);
    EXPECT_EQ(watching_.findings().back().systems,
              (std::vector<std::string>{"198.51.100.7", "10.0.3.5", "10.0.4.6"}));
    call(8h, "10.0.4.6", "198.51.100.7");
    EXPECT_EQ(watching_.findings().size(), 2U) << "of each machine once";
    call(9h, "10.7.0.1", "198.51.100.7");
    ASSERT_EQ(watching_.findings().size(), 3U) << "nor need others be visited first";
    EXPECT_EQ(watching_.findings().back().systems.back(), "10.7.0.1");
}

TEST_F(AVisit, IsFollowedToASiteByItsNameWhereOthersShareItsAddress) {
    const auto call_by_name = [&](std::chrono::minutes at, std::string_view machine, std::string_view name) {
        watching_.see(at, "tls", machine, "198.51.100.7", fmt::format(R"({{"sni":"{}"}})", name));
    };
    call_by_name(3h, "10.0.8.8", "www.example");
    visit_oddly(4h);
    for (const auto* machine : {"10.0.3.5", "10.0.4.6"}) call_by_name(6h, machine, "www.example");
    EXPECT_EQ(watching_.findings().size(), 1U);
    for (const auto* machine : {"10.0.3.5", "10.0.4.6"}) call_by_name(7h, machine, "c2.example");
    ASSERT_EQ(watching_.findings().size(), 2U);
    EXPECT_EQ(watching_.findings().back().systems.front(), "c2.example");
}

TEST_F(AVisit, IsNotForgottenForOneThatComesAfterIt) {
    visit_oddly(4h);
    call(6h, "10.0.3.5", "198.51.100.7");
    come(8h, "192.0.2.77");
    for (const auto* machine : {"10.0.3.5", "10.0.4.6"}) reach(8h + 1min, machine);
    call(9h, "10.0.4.6", "198.51.100.7");
    ASSERT_FALSE(watching_.findings().empty());
    EXPECT_EQ(watching_.findings().back().kind, "indicator");
    EXPECT_EQ(watching_.findings().back().confidence, 70);
}

TEST_F(AVisit, DoesNotMakeASiteOddThatWasCalledBefore) {
    call(3h, "10.0.8.8", "198.51.100.7");
    visit_oddly(4h);
    call(6h, "10.0.3.5", "198.51.100.7");
    call(7h, "10.0.4.6", "198.51.100.7");
    EXPECT_EQ(watching_.findings().size(), 1U);
}

}   // namespace
}   // namespace ward::detect
