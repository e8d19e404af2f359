// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/ws_discovery.hpp"

#include <gtest/gtest.h>

namespace ward::lab {
namespace {

using ws_discovery::Version;

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// RFC 4122, section 4.4.
TEST(WsDiscovery, NamesWithRandomUuids) {
    const auto name = ws_discovery::uuid(Random{7});
    EXPECT_TRUE(name.starts_with("urn:uuid:"));
    EXPECT_EQ(name.size(), 45U);
    EXPECT_EQ(name[23], '4');
    EXPECT_TRUE(has("89ab", name.substr(28, 1)));
    EXPECT_NE(name, ws_discovery::uuid(Random{8}));
}

TEST(WsDiscovery, SpeaksOfItsVersionThroughout) {
    const auto old = ws_discovery::probe(Version::april_2005, "", "t", {.id = "i"});
    const auto young = ws_discovery::probe(Version::oasis_1_1, "", "t", {.id = "i"});
    EXPECT_FALSE(has(old, "oasis-open"));
    EXPECT_FALSE(has(old, "2005/08/addressing"));
    EXPECT_FALSE(has(young, "xmlsoap.org"));
}

/// WS-Discovery 1.1, section 7.
TEST(WsDiscovery, NumbersWhatADeviceSays) {
    const auto text = ws_discovery::probe_matches(Version::oasis_1_1, {"d", "", "t", "s", "l"},
                                                  {.id = "i", .relates_to = "q", .number = 4, .instance = 9});
    EXPECT_TRUE(has(text, R"(<wsd:AppSequence InstanceId="9" MessageNumber="4"/>)"));
    EXPECT_TRUE(has(text, "<wsa:RelatesTo>q</wsa:RelatesTo>"));
    EXPECT_TRUE(has(text, "<wsd:XAddrs>l</wsd:XAddrs>"));
}

}   // namespace
}   // namespace ward::lab
