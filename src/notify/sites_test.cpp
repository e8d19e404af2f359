// SPDX-License-Identifier: Apache-2.0
#include "notify/sites.hpp"

#include <gmock/gmock.h>

namespace ward::notify {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

IpAddress address(std::string_view text) { return parse_ip_address(text).value(); }
Sites sites(const Texts& texts) { return Sites::parse(texts).value(); }

TEST(Sites, AreNetworksOfSixteenBitsUnlessNamed) {
    EXPECT_EQ(sites({}).site_of(address("10.1.2.3")), "10.1.0.0/16");
    EXPECT_EQ(sites({}).site_of(address("fd00:1:2:3::4")), "fd00:1:2::/48");
    const auto named = sites({"north 10.1.0.0/16 10.2.0.0/16", "lab 10.1.7.0/24", "far 198.51.100.0/24"});
    EXPECT_EQ(named.site_of(address("10.2.2.3")), "north");
    EXPECT_EQ(named.site_of(address("10.1.7.3")), "lab");
    EXPECT_EQ(named.site_of(address("10.3.7.3")), "10.3.0.0/16");
    EXPECT_TRUE(named.is_inside(address("198.51.100.7")));
    EXPECT_FALSE(named.is_inside(address("198.51.101.7")));
}

TEST(Sites, WhatIsNoNetworkIsRefused) {
    for (const auto* text : {"", "north", "north 10.1.0.0", "north 10.1.0.0/33", "north 10.1.0/16",
                             "north 10.1.0.0/16,10.2.0.0/16"})
        EXPECT_FALSE(Sites::parse(Texts{text})) << text;
}

TEST(Indicators, AreNamesAndAddressesOutside) {
    const Texts systems{"10.1.2.3", "203.0.113.9", "C2.Example.", "10.4.5.6"};
    EXPECT_THAT(indicators_of("beacon", systems, sites({})), ElementsAre("c2.example", "203.0.113.9"));
    EXPECT_THAT(indicators_of("worm", systems, sites({})), IsEmpty());
    EXPECT_THAT(indicators_of("beacon", systems, sites({"far 203.0.113.0/24"})), ElementsAre("c2.example"));
}

class AnIndicator : public ::testing::Test {
protected:
    Texts see(const char* site, std::chrono::hours since) {
        return sightings_.see("c2.example", site, Time{} + since);
    }
    Sightings sightings_;
};

TEST_F(AnIndicator, AtOneSitePagesNobody) {
    EXPECT_THAT(see("north", 0h), IsEmpty());
    EXPECT_THAT(see("north", 1h), IsEmpty());
}

TEST_F(AnIndicator, AtASecondSitePagesOnce) {
    see("north", 0h);
    EXPECT_THAT(see("south", 1h), ElementsAre("north", "south"));
    EXPECT_THAT(see("south", 2h), IsEmpty());
    EXPECT_THAT(see("north", 3h), IsEmpty());
}

TEST_F(AnIndicator, AtAThirdSitePagesAgain) {
    see("north", 0h);
    see("south", 1h);
    EXPECT_THAT(see("east", 2h), ElementsAre("east", "north", "south"));
}

TEST_F(AnIndicator, ThatWasSeenLongAgoIsForgotten) {
    see("north", 0h);
    EXPECT_THAT(see("south", 31 * 24h), IsEmpty());
    EXPECT_THAT(see("north", 32 * 24h), ElementsAre("north", "south"));
}

TEST_F(AnIndicator, IsNotAnother) {
    see("north", 0h);
    EXPECT_THAT(sightings_.see("other.example", "south", Time{}), IsEmpty());
}

}   // namespace
}   // namespace ward::notify
