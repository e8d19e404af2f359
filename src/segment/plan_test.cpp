// SPDX-License-Identifier: Apache-2.0
#include "segment/plan.hpp"

#include <gmock/gmock.h>

namespace ward::segment {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr auto small = R"(version = 1

[[zone]]
name = "offices"
networks = "10.20.0.0/16, fd00::/64"
about = "desks and their \"printers\""

[[zone]]
name = "pumps"
roles = "infusion pump, ventilator"

[[allow]]
from = "offices"
to = "pumps"
protocol = "tcp"
ports = "53, 5000-5010"
why = "42 times"
)";

std::string error_of(std::string_view text, const PlanLimits& limits = {}) {
    const auto plan = read_plan(text, "p", limits);
    return plan ? "none" : plan.error().what;
}
std::string with(std::string_view more) { return small + std::string{more}; }

TEST(APlan, HoldsWhatItsTextSays) {
    const auto plan = read_plan(small, "p");
    ASSERT_TRUE(plan) << plan.error().what;
    ASSERT_EQ(plan->zones.size(), 2U);
    EXPECT_EQ(to_text(plan->zones[0].networks.at(1)), "fd00::/64");
    EXPECT_EQ(plan->zones[0].about, "desks and their \"printers\"");
    EXPECT_EQ(plan->zones[1].roles.at(1), "ventilator");
    ASSERT_EQ(plan->allowed.size(), 1U);
    EXPECT_EQ(plan->allowed[0].ports, (std::vector<Ports>{{53, 53}, {5000, 5010}}));
}

TEST(APlan, IsWrittenAsItWasRead) { EXPECT_EQ(to_text(read_plan(small, "p").value()), small); }

TEST(APlan, SaysInWhichLineItIsWrong) {
    EXPECT_THAT(error_of("version = 2\n"), StartsWith("p:1: a plan begins"));
    EXPECT_THAT(error_of("[[zone]]\nname = 'a'\n"), HasSubstr("a plan begins"));
    EXPECT_THAT(error_of("version = 1\nzones = 2\n"), StartsWith("p:2: zones is not known"));
    EXPECT_THAT(error_of(with("[[deny]]\n")), StartsWith("p:18: [[deny]] is not known"));
    EXPECT_THAT(error_of(with("[[zone]]\nnames = 'x'\n")),
                StartsWith("p:19: names is not known; is name meant"));
    EXPECT_THAT(error_of(with("[[zone]]\nabout = 'x'\n")), StartsWith("p:18: there is no name"));
    EXPECT_THAT(error_of("version = 1\n[[zone]]\nname = 7\n"), StartsWith("p:3: name is no text"));
    EXPECT_THAT(error_of("version = \n"), StartsWith("p:1: "));
}

TEST(APlan, HasZonesOfItsOwnNamesAndNetworks) {
    const auto zone = [](std::string_view name, std::string_view rest) {
        return with("[[zone]]\nname = '" + std::string{name} + "'\n" + std::string{rest});
    };
    EXPECT_EQ(error_of(zone("x", "networks = '10.21.0.0/16'")), "none");
    for (const auto* name : {"Offices", "9x", "a_b", "a b", "", "\u00e4"})
        EXPECT_NE(error_of(zone(name, "networks = '10.21.0.0/16'")), "none") << name;
    for (const auto* name : {"offices", "outside", "any"})
        EXPECT_THAT(error_of(zone(name, "networks = '10.21.0.0/16'")), HasSubstr("already")) << name;
    EXPECT_THAT(error_of(zone("x", "networks = '10.20.0.0/16'")),
                StartsWith("p:20: 10.20.0.0/16 is of zone offices"));
    EXPECT_THAT(error_of(zone("x", "roles = 'ventilator'")), HasSubstr("is of zone pumps already"));
    EXPECT_THAT(error_of(zone("x", "networks = '0.0.0.0/0'")), HasSubstr("everything"));
    EXPECT_THAT(error_of(zone("x", "networks = '10.20.0.1/16'")), HasSubstr("no network"));
    EXPECT_THAT(error_of(zone("x", "networks = '10.21.0.0/16,,10.22.0.0/16'")),
                HasSubstr("'' is no network"));
    EXPECT_THAT(error_of(zone("x", "roles = 'a,,b'")), HasSubstr("roles are texts"));
    EXPECT_THAT(error_of(zone("x", "about = 'nothing'")), HasSubstr("neither networks nor roles"));
    EXPECT_THAT(error_of(zone("x", "networks = '10.21.0.0/16'\nabout = \"a\\nb\"")), HasSubstr("one line"));
}

TEST(APlan, AllowsOnlyWhatCanBe) {
    const auto allow = [](std::string_view from, std::string_view to, std::string_view protocol,
                          std::string_view ports) {
        return with("[[allow]]\nfrom = '" + std::string{from} + "'\nto = '" + std::string{to} +
                    "'\nprotocol = '" + std::string{protocol} + "'\nports = '" + std::string{ports} + "'\n");
    };
    EXPECT_EQ(error_of(allow("any", "outside", "udp", "1-65535")), "none");
    EXPECT_THAT(error_of(allow("office", "pumps", "tcp", "1")),
                StartsWith("p:19: there is no zone office; is offices"));
    EXPECT_THAT(error_of(allow("any", "nowhere", "tcp", "1")), HasSubstr("no zone nowhere"));
    EXPECT_THAT(error_of(allow("outside", "outside", "tcp", "1")), HasSubstr("outside nobody"));
    EXPECT_THAT(error_of(allow("any", "pumps", "icmp", "1")), HasSubstr("tcp or udp"));
    for (const auto* ports : {"", "0", "65536", "7-6", "7-", "-7", "http", "1,,2", "1-2-3"})
        EXPECT_NE(error_of(allow("any", "pumps", "tcp", ports)), "none") << ports;
}

TEST(APlan, HasLimits) {
    const auto code_of = [](const PlanLimits& limits) {
        const auto plan = read_plan(small, "p", limits);
        return plan ? Errc::not_found : plan.error().code;
    };
    EXPECT_EQ(code_of({.bytes_max = 200}), Errc::limit_exceeded);
    EXPECT_EQ(code_of({.zones_max = 1}), Errc::limit_exceeded);
    EXPECT_EQ(code_of({.networks_max = 3}), Errc::limit_exceeded);
    EXPECT_EQ(code_of({.allowed_max = 0}), Errc::limit_exceeded);
    EXPECT_EQ(code_of({.ports_max = 1}), Errc::limit_exceeded);
    EXPECT_EQ(code_of({.name_bytes_max = 6}), Errc::limit_exceeded);
    EXPECT_EQ(code_of({.text_bytes_max = 7}), Errc::limit_exceeded);
    EXPECT_EQ(
        code_of({.zones_max = 2, .networks_max = 4, .allowed_max = 1, .ports_max = 2, .name_bytes_max = 8}),
        Errc::not_found);
}

}   // namespace
}   // namespace ward::segment
