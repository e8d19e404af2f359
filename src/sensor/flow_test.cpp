// SPDX-License-Identifier: Apache-2.0
#include "sensor/flow.hpp"

#include <gtest/gtest.h>

#include "sensor/packets_test.hpp"

namespace ward::sensor {
namespace {

TEST(FlowKeyHash, DependsOnEveryPartAndTheSeed) {
    const FlowKey key{address_of("10.0.0.1"), address_of("10.0.0.2"), 1, 2, 3, 4};
    std::vector<FlowKey> others(8, key);
    others[0].low = address_of("10.0.0.3");
    others[1].high = address_of("10.0.0.3");
    others[2].low_port = others[3].high_port = others[4].vlan = 9;
    others[5].ip_protocol = 9;
    others[6].low = address_of("::1");
    others[7].high = address_of("::1");
    for (const auto& other : others) EXPECT_NE(FlowKeyHash{}(other), FlowKeyHash{}(key));
    EXPECT_NE(FlowKeyHash{1}(key), FlowKeyHash{}(key));
}

}   // namespace
}   // namespace ward::sensor
