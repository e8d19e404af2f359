// SPDX-License-Identifier: Apache-2.0
#include "segment/proposal.hpp"

#include <gmock/gmock.h>

#include "segment/borders.hpp"
#include "segment/story_test.hpp"
#include "segment/zoning.hpp"

namespace ward::segment {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Learning : public ::testing::Test {
protected:
    /// Ten desks that ask a server for names, and print.
    void ordinary_hour() {
        for (int i = 10; i < 20; ++i) {
            const auto desk = fmt::format("10.20.16.{}", i);
            story_.device(desk, "workstation");
            story_.flow(desk, "10.20.0.10", 53, "UDP");
            story_.flow(desk, "10.20.144.7", 9100);
        }
        story_.device("10.20.0.10", "server");
        story_.device("10.20.0.16", "PACS");
        story_.device("10.20.144.7", "printer");
    }
    Proposal proposal(const ProposalLimits& limits = {}) const {
        auto proposal = propose(traffic_, limits);
        EXPECT_TRUE(proposal) << proposal.error().what;
        return std::move(*proposal);
    }
    /// One line a conversation.
    static std::vector<std::string> allowed(const Plan& plan) {
        std::vector<std::string> lines;
        for (const auto& one : plan.allowed)
            lines.push_back(
                fmt::format("{} {} {} {}", one.from, one.to, name(one.protocol), to_text(one.ports)));
        return lines;
    }
    static std::vector<std::string> zones(const std::vector<Zone>& zones) {
        std::vector<std::string> lines;
        for (const auto& zone : zones) {
            lines.push_back(zone.name);
            for (const auto& network : zone.networks) lines.back() += " " + to_text(network);
        }
        return lines;
    }

    Traffic traffic_;
    Story<std::function<void(const Seen&)>> story_{[this](const Seen& seen) { traffic_.see(seen); }};
};

TEST_F(Learning, ProposesZonesByRoleAndNetworkAndWhatTheySay) {
    ordinary_hour();
    story_.flow("10.20.0.10", "10.20.0.16", 104);
    const auto proposed = proposal();
    EXPECT_THAT(zones(proposed.plan.zones),
                ElementsAre("pacs 10.20.0.16", "printers 10.20.144.0/24", "servers 10.20.0.0/24",
                            "workstations 10.20.16.0/24"));
    EXPECT_THAT(allowed(proposed.plan),
                ElementsAre("workstations printers tcp 9100", "workstations servers udp 53"));
    EXPECT_EQ(proposed.plan.allowed[0].why, "10 times by 10 hosts, on 1 day");
    ASSERT_EQ(proposed.left_out.size(), 1U);
    EXPECT_EQ(proposed.left_out[0].to, "pacs");
    EXPECT_THAT(to_text(proposed), HasSubstr("# servers to pacs, tcp 104: 1 times by 1 hosts, on 1 days\n"));
    EXPECT_EQ(read_plan(to_text(proposed), "p").value(), proposed.plan);
}

TEST_F(Learning, LeavesOutWhatOneOfManyDoesNowAndThen) {
    ordinary_hour();
    for (int i = 0; i < 50; ++i) story_.flow("10.20.16.10", "10.20.0.10", 22);
    EXPECT_THAT(allowed(proposal().plan), Not(::testing::Contains(HasSubstr("22"))));
    for (int hour = 0; hour < 4; ++hour) {
        story_.pass(1h);
        story_.flow("10.20.16.10", "10.20.0.10", 22);
    }
    EXPECT_THAT(allowed(proposal().plan), ::testing::Contains("workstations servers tcp 22"));
}

TEST_F(Learning, TakesThreeDaysForFiveTimes) {
    ordinary_hour();
    for (int day = 0; day < 3; ++day) {
        story_.flow("10.20.0.16", "10.20.0.10", 443);   // the only one of its zone
        EXPECT_EQ(allowed(proposal().plan).size(), day < 2 ? 2U : 3U);
        story_.pass(24h);
    }
}

TEST_F(Learning, LearnsNothingFromScansAndRefusals) {
    ordinary_hour();
    const auto* refused = R"(,"tcp":{"state":"reset"})";
    for (int i = 0; i < 200; ++i) {
        story_.flow("10.20.16.10", fmt::format("10.20.17.{}", i), 445, "TCP", 0);
        story_.flow("10.20.16.11", fmt::format("10.20.18.{}", i), 445, "TCP", 2, refused);
        story_.flow("10.20.16.12", fmt::format("10.20.19.{}", i), 161, "UDP", 0);
    }
    EXPECT_EQ(traffic_.counts().unanswered, 600U);
    EXPECT_EQ(proposal().plan.zones.size(), 4U);
    EXPECT_EQ(traffic_.hosts().size(), 13U);
}

TEST_F(Learning, LearnsFromWhatIsOnlySentWhereItsProtocolIsKnown) {
    for (int i = 10; i < 20; ++i)
        story_.flow(fmt::format("10.20.16.{}", i), "10.20.0.10", 514, "UDP", 0, R"(,"app_proto":"syslog")");
    EXPECT_THAT(allowed(proposal().plan), ElementsAre("hosts-10-20-16 hosts-10-20-0 udp 514"));
}

TEST_F(Learning, SaysOncePortsThatAreChosenAnew) {
    for (int i = 0; i < 12; ++i)
        story_.flow(fmt::format("10.20.16.{}", i), "10.20.0.10",
                    static_cast<std::uint16_t>(50'000 + 100 * i));
    EXPECT_THAT(allowed(proposal().plan), ElementsAre("hosts-10-20-16 hosts-10-20-0 tcp 49152-51199"));
}

TEST_F(Learning, AllowsNoPortsBelowThoseThatAreChosenAnew) {
    for (int i = 0; i < 12; ++i)
        story_.flow(fmt::format("10.20.16.{}", i), "10.20.0.10", static_cast<std::uint16_t>(10'000 + 10 * i));
    EXPECT_THAT(allowed(proposal().plan), ElementsAre("hosts-10-20-16 hosts-10-20-0 tcp 10000-10239"));
}

TEST_F(Learning, AllowsNotAllPortsForAFewFarApart) {
    for (int i = 0; i < 12; ++i)
        story_.flow(fmt::format("10.20.16.{}", i), "10.20.0.10",
                    static_cast<std::uint16_t>(10'000 + 5'000 * i));
    EXPECT_THAT(allowed(proposal().plan), IsEmpty());
    EXPECT_EQ(proposal().left_out.size(), 12U);
}

TEST_F(Learning, SaysPortsThatAreFarApartInRangesOfALimitedWidth) {
    for (int i = 0; i < 32; ++i)
        story_.flow(fmt::format("10.20.16.{}", i), "10.20.0.10",
                    static_cast<std::uint16_t>(32'768 + 1'000 * i));
    EXPECT_THAT(allowed(proposal().plan),
                ElementsAre("hosts-10-20-16 hosts-10-20-0 tcp 32768-49151, 49152-64511"));
    EXPECT_THAT(allowed(proposal({.chosen_width_max = 2'048}).plan), IsEmpty());
}

TEST_F(Learning, SaysOnceWhatAllSayToOne) {
    for (int network = 1; network <= 5; ++network)
        for (int i = 0; i < 6; ++i) {
            const auto host = fmt::format("10.20.{}.{}", 16 * network, 10 + i);
            story_.flow(host, "10.20.0.10", 123, "UDP");
            story_.flow(host, "192.0.2.7", 443);
        }
    const auto plan = proposal().plan;
    EXPECT_EQ(plan.allowed.size(), 6U);
    EXPECT_THAT(allowed(plan), ::testing::Contains("any hosts-10-20-0 udp 123"));
    EXPECT_THAT(allowed(plan), ::testing::Contains("hosts-10-20-80 outside tcp 443"));
    EXPECT_EQ(plan.allowed.back().why, "30 times by 30 hosts, on 1 day");
}

TEST_F(Learning, JoinsNetworksThatFollowEachOther) {
    for (int network = 16; network < 20; ++network)
        story_.flow(fmt::format("10.20.{}.9", network), "10.20.99.10", 123, "UDP");
    EXPECT_THAT(zones(zones_of(traffic_)),
                ElementsAre("hosts-10-20-16 10.20.16.0/22", "hosts-10-20-99 10.20.99.0/24"));
}

TEST_F(Learning, PutsWhoStandsApartIntoZonesOfTheirOwn) {
    for (int i = 0; i < 9; ++i) story_.device(fmt::format("10.20.16.{}", i), "workstation");
    story_.device("10.20.16.100", "infusion pump");
    story_.device("10.20.16.101", "printer");
    story_.device("10.20.16.102", "server");
    story_.device("10.20.16.103", "PACS");
    story_.device("10.20.17.103", "PACS");
    EXPECT_THAT(zones(zones_of(traffic_)),
                ElementsAre("bedside 10.20.16.100", "hosts 10.20.17.0/24", "pacs 10.20.16.103 10.20.17.103",
                            "servers 10.20.16.102", "workstations 10.20.16.0/24"));
}

TEST_F(Learning, PutsIpv6WhereTheDevicesAreByIpv4) {
    for (int i = 0; i < 9; ++i)
        story_.device(fmt::format(R"(10.20.16.{}","fd00::{})", i, i + 1), "workstation");
    story_.device(R"(10.20.16.103","fd00::103)", "PACS");
    story_.device("fd01::7", "printer");
    EXPECT_THAT(zones(zones_of(traffic_)), ElementsAre("hosts fd01::/64", "pacs 10.20.16.103 fd00::103",
                                                       "workstations 10.20.16.0/24 fd00::/64"));
}

TEST_F(Learning, HasLimits) {
    traffic_ = Traffic{{}, {.days = std::chrono::days{2}, .hosts_max = 3, .edges_max = 2}};
    for (std::uint16_t port = 1; port <= 3; ++port) story_.flow("10.20.16.7", "10.20.0.9", port);
    EXPECT_EQ(traffic_.counts().not_kept, 1U) << "a third edge";
    story_.flow("10.20.16.8", "10.20.0.10", 1);
    EXPECT_EQ(traffic_.counts().not_kept, 2U) << "a fourth host";
    story_.pass(48h);
    story_.flow("10.20.16.7", "10.20.0.9", 1);
    EXPECT_EQ(traffic_.counts().too_late, 1U);
    EXPECT_EQ(traffic_.counts().flows, 2U);
}

TEST_F(Learning, ProposesTheSameWhateverTheSecretOfTheTables) {
    Traffic other{IpAddressHash{42}};
    Story both{[&](const Seen& seen) {
        traffic_.see(seen);
        other.see(seen);
    }};
    for (int i = 0; i < 200; ++i)
        both.flow(fmt::format("10.20.{}.{}", i % 7, i), fmt::format("10.21.{}.{}", i % 3, i % 11),
                  static_cast<std::uint16_t>(1 + i % 5));
    EXPECT_EQ(to_text(proposal()), to_text(propose(other).value()));
    EXPECT_THAT(proposal().plan.zones, Not(IsEmpty()));
}

}   // namespace
}   // namespace ward::segment
