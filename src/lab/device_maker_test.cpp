// SPDX-License-Identifier: Apache-2.0
#include "lab/device_maker.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace ward::lab {
namespace {

constexpr DeviceWish wish{DeviceKind::camera, Vlan::security, 0, "CAM"};
constexpr Product house_named{"Hanwha", "QND-8080R", 0x000918};
constexpr Product self_named{"HP", "LaserJet", 0x84a93e, "NPI", 6};

std::uint32_t low(const Device& device) {
    return std::uint32_t{device.mac[3]} * 65'536 + device.mac[4] * 256U + device.mac[5];
}

TEST(DeviceMaker, GivesNoAddressTwiceAndNoneThatLooksLikeAllOfANetwork) {
    Network network;
    DeviceMaker maker{network, Random{7}};
    std::set<Address> addresses;
    for (int i = 0; i < 1'000; ++i) addresses.insert(maker.make(wish, house_named).address);
    EXPECT_EQ(addresses.size(), 1'000U);
    EXPECT_EQ(to_text(*addresses.begin()), "10.20.192.10");
    for (const auto address : addresses) {
        EXPECT_NE(address % 256, 0U) << to_text(address);
        EXPECT_NE(address % 256, 255U) << to_text(address);
    }
    EXPECT_TRUE(addresses.contains(*addresses.begin() + 255));   // 10.20.193.9
}

TEST(DeviceMaker, GivesNeighboursHardwareAddressesThatTellNothingOfEachOther) {
    Network network;
    DeviceMaker maker{network, Random{7}};
    std::set<std::uint32_t> all, apart;
    auto last = low(maker.make(wish, house_named));
    for (int i = 0; i < 1'000; ++i) {
        const auto now = low(maker.make(wish, house_named));
        all.insert(now);
        apart.insert((now - last) % 0x100'0000);
        last = now;
    }
    EXPECT_EQ(all.size(), 1'000U);
    EXPECT_GT(apart.size(), 990U);
}

TEST(DeviceMaker, NamesAsTheHouseDoesOrAsTheDeviceDoes) {
    Network network;
    DeviceMaker maker{network, Random{7}};
    EXPECT_EQ(maker.make(wish, house_named).name, "CAM0001");
    EXPECT_EQ(maker.make(wish, house_named).name, "CAM0002");
    const auto device = maker.make(wish, self_named);
    auto digits = to_text(device.mac).substr(9);
    std::erase(digits, ':');
    std::ranges::transform(digits, digits.begin(), [](unsigned char c) { return std::toupper(c); });
    EXPECT_EQ(device.name, "NPI" + digits);
}

TEST(Mixed, GivesEachNumberAnother) {
    std::vector<bool> seen(1U << 24U);
    for (std::uint32_t i = 0; i < 1U << 18U; ++i) {
        const auto number = mixed(i, 7);
        ASSERT_LT(number, seen.size());
        ASSERT_FALSE(seen[number]) << i;
        seen[number] = true;
    }
}

}   // namespace
}   // namespace ward::lab
