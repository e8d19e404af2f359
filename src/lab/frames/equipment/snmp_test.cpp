// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/snmp.hpp"

#include <array>
#include <gtest/gtest.h>

namespace ward::lab {
namespace {

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

/// RFC 2578, 7.1.6: no sign, so that a zero comes first where the first bit is set.
TEST(Snmp, CountsBeyondThirtyOneBits) {
    const std::array<snmp::Reading, 1> told{{{"1.3.6.1.2.1.2.2.1.10.1", snmp::Counter{0x8000'0001}}}};
    EXPECT_TRUE(to_hex(snmp::response({"public", 5}, told)).ends_with("41050080000001"));
}

}   // namespace
}   // namespace ward::lab
