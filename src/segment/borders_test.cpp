// SPDX-License-Identifier: Apache-2.0
#include "segment/borders.hpp"

#include <gtest/gtest.h>

namespace ward::segment {
namespace {

Borders borders(std::string_view text) {
    auto plan = read_plan(text, "plan");
    EXPECT_TRUE(plan) << plan.error().what;
    return Borders{std::move(*plan)};
}

constexpr auto hospital = R"(
version = 1
[[zone]]
name = "offices"
networks = "10.20.0.0/16, fd00::/64"
[[zone]]
name = "servers"
networks = "10.20.1.0/24, 0a14::/16"
[[zone]]
name = "pumps"
networks = "10.20.1.7"
roles = "infusion pump, ventilator"
[[allow]]
from = "any"
to = "servers"
protocol = "udp"
ports = "53, 123"
[[allow]]
from = "offices"
to = "outside"
protocol = "tcp"
ports = "443"
[[allow]]
from = "servers"
to = "pumps"
protocol = "tcp"
ports = "5000-5010"
)";

class Hospital : public ::testing::Test {
protected:
    std::string_view of(std::string_view address, std::string_view role = "") const {
        return plan_.name(plan_.zone_of(*parse_ip_address(address), role));
    }
    bool allows(std::string_view from, std::string_view to, Protocol protocol, std::uint16_t port) const {
        return plan_.allows(plan_.id_of(from), plan_.id_of(to), protocol, port);
    }
    Borders plan_ = borders(hospital);
};

TEST_F(Hospital, TheNarrowestNetworkDecides) {
    EXPECT_EQ(of("10.20.0.255"), "offices");
    EXPECT_EQ(of("10.20.1.0"), "servers");
    EXPECT_EQ(of("10.20.1.255"), "servers");
    EXPECT_EQ(of("10.20.2.0"), "offices");
    EXPECT_EQ(of("10.20.1.6"), "servers");
    EXPECT_EQ(of("10.20.1.7"), "pumps");
    EXPECT_EQ(of("10.20.1.8"), "servers");
    EXPECT_EQ(of("fd00::9"), "offices");
    EXPECT_EQ(of("a14:100::"), "servers") << "which begins with the same bytes as 10.20.1.0";
}

TEST_F(Hospital, ARoleIsStrongerThanANetworkAndWeakerThanAnAddress) {
    EXPECT_EQ(of("10.20.9.9", "infusion pump"), "pumps");
    EXPECT_EQ(of("10.20.9.9", "printer"), "offices");
    EXPECT_EQ(of("10.20.1.7", "printer"), "pumps");
}

TEST_F(Hospital, WhatIsOfNoZoneIsOutsideOrNowhere) {
    EXPECT_EQ(of("192.0.2.1"), "outside");
    EXPECT_EQ(of("2001:db8::1"), "outside");
    EXPECT_EQ(of("10.21.0.1"), "nowhere");
    EXPECT_EQ(of("fd01::1"), "nowhere");
    EXPECT_EQ(of("224.0.0.1"), "nowhere");
}

TEST_F(Hospital, OnlyWhatIsAllowedIs) {
    EXPECT_TRUE(allows("servers", "pumps", Protocol::tcp, 5000));
    EXPECT_TRUE(allows("servers", "pumps", Protocol::tcp, 5010));
    EXPECT_FALSE(allows("servers", "pumps", Protocol::tcp, 4999));
    EXPECT_FALSE(allows("servers", "pumps", Protocol::tcp, 5011));
    EXPECT_FALSE(allows("servers", "pumps", Protocol::udp, 5000));
    EXPECT_FALSE(allows("pumps", "servers", Protocol::tcp, 5000)) << "the other way round";
    EXPECT_TRUE(allows("offices", "outside", Protocol::tcp, 443));
    EXPECT_FALSE(allows("outside", "offices", Protocol::tcp, 443));
}

TEST_F(Hospital, AnyIsEachZoneButNotOutside) {
    for (const auto* from : {"offices", "servers", "pumps"})
        EXPECT_TRUE(allows(from, "servers", Protocol::udp, 53)) << from;
    EXPECT_FALSE(allows("outside", "servers", Protocol::udp, 53));
    EXPECT_FALSE(allows("nowhere", "servers", Protocol::udp, 53));
    EXPECT_FALSE(allows("offices", "outside", Protocol::udp, 53));
}

TEST_F(Hospital, EachAddressIsInTheSetOfItsZoneAndInNoOther) {
    std::string text;
    for (ZoneId id = 0; id < plan_.outside(); ++id)
        for (const auto& span : plan_.spans(id))
            text += std::string{plan_.name(id)} + " " + to_text(span.first) + "-" + to_text(span.last) + "\n";
    EXPECT_EQ(text,
              "offices 10.20.0.0-10.20.0.255\noffices 10.20.2.0-10.20.255.255\n"
              "offices fd00::-fd00::ffff:ffff:ffff:ffff\n"
              "servers 10.20.1.0-10.20.1.6\nservers 10.20.1.8-10.20.1.255\n"
              "servers a14::-a14:ffff:ffff:ffff:ffff:ffff:ffff:ffff\npumps 10.20.1.7-10.20.1.7\n");
    for (const auto& span : plan_.spans(plan_.outside()))
        for (const auto& address : {span.first, span.last})
            EXPECT_EQ(plan_.zone_of(address, ""), plan_.outside()) << to_text(address);
}

}   // namespace
}   // namespace ward::segment
