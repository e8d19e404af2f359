// SPDX-License-Identifier: Apache-2.0
#include "devices/bindings.hpp"

#include "devices/ear_test.hpp"

namespace ward::devices {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

IpAddress numbered(unsigned number) { return v4_in("10.1.0." + std::to_string(number)); }

IpAddress v6(unsigned first, unsigned last) {
    IpAddress address{{}, IpAddress::Family::v6};
    address.bytes[0] = std::byte(first >> 8U);
    address.bytes[1] = std::byte(first & 0xffU);
    address.bytes[15] = std::byte(last);
    return address;
}

TEST(Bindings, FramesWithManyForeignAddressesAreARouters) {
    Bindings bindings;
    for (unsigned i = 1; i <= 8; ++i) bindings.see(mac(1), numbered(i), Binding::frame);
    EXPECT_FALSE(bindings.is_router(mac(1)));
    bindings.see(mac(1), numbered(9), Binding::frame);
    EXPECT_TRUE(bindings.is_router(mac(1)));
    EXPECT_FALSE(bindings.is_router(mac(2)));
}

TEST(Bindings, WhatAHostClaimsIsItsOwnHoweverMuch) {
    Bindings bindings;
    for (unsigned i = 1; i <= 20; ++i) bindings.see(mac(1), numbered(i), Binding::frame);
    for (unsigned i = 1; i <= 20; ++i) bindings.see(mac(2), numbered(i), Binding::claim);
    EXPECT_TRUE(bindings.is_router(mac(1)));
    EXPECT_FALSE(bindings.is_router(mac(2)));
    EXPECT_TRUE(bindings.has_claimed(mac(2), numbered(20)));
    EXPECT_FALSE(bindings.has_claimed(mac(1), numbered(20)));
}

TEST(Bindings, AHostHasSeveralIPv6AddressesARouterHasTheWorldBehindIt) {
    Bindings bindings;
    for (unsigned i = 1; i <= 32; ++i) bindings.see(mac(1), v6(0x2001, i), Binding::frame);
    EXPECT_FALSE(bindings.is_router(mac(1)));
    bindings.see(mac(1), v6(0x2001, 33), Binding::frame);
    EXPECT_TRUE(bindings.is_router(mac(1)));
}

TEST(Bindings, LinkLocalAddressesAreNeverForwarded) {
    Bindings bindings;
    bindings.see(mac(1), v6(0xfe80, 1), Binding::frame);
    EXPECT_TRUE(bindings.has_claimed(mac(1), v6(0xfe80, 1)));
}

TEST(Bindings, VirtualRoutersShareTheirHardwareAddress) {
    EXPECT_TRUE(is_virtual_router(mac(0x000107, 0x00005e)));   // VRRP, group 7
    EXPECT_TRUE(is_virtual_router(mac(0x000201, 0x00005e)));   // VRRP for IPv6
    EXPECT_TRUE(is_virtual_router(mac(0x07ac0a, 0x00000c)));   // HSRP, group 10
    EXPECT_TRUE(is_virtual_router(mac(0x9ff123, 0x00000c)));   // HSRP version 2
    EXPECT_FALSE(is_virtual_router(mac(0x000107, 0x00005f)));
    EXPECT_FALSE(is_virtual_router(mac(0x07ad0a, 0x00000c)));
}

TEST(Bindings, TheOneThatWasSilentLongestIsForgotten) {
    Bindings bindings{{.hardware_max = 2}};
    bindings.see(mac(1), numbered(1), Binding::claim);
    bindings.see(mac(2), numbered(2), Binding::claim);
    bindings.see(mac(1), numbered(1), Binding::claim);
    bindings.see(mac(3), numbered(3), Binding::claim);
    EXPECT_TRUE(bindings.has_claimed(mac(1), numbered(1)));
    EXPECT_FALSE(bindings.has_claimed(mac(2), numbered(2)));
    EXPECT_EQ(bindings.evicted(), 1u);
}

TEST(Bindings, AddressesOfOneAreBoundedAndClaimsStay) {
    Bindings bindings{{.addresses_max = 2}};
    bindings.see(mac(1), numbered(1), Binding::claim);
    for (unsigned i = 2; i < 9; ++i) bindings.see(mac(1), numbered(i), Binding::frame);
    EXPECT_TRUE(bindings.has_claimed(mac(1), numbered(1)));
}

TEST(Devices, OfOneHardwareAddressTwoClaimedAddressesAreOneDevice) {
    Ear ear;
    ear.hears_arp(1, "10.1.0.1");
    ear.hears_arp(1, "10.1.0.2");
    ear.hears_arp(1, "10.1.0.1");
    EXPECT_THAT(ear.ids(), ElementsAre("10.1.0.1"));
    EXPECT_EQ(ear.device("10.1.0.1").addresses.size(), 2u);
    EXPECT_THAT(flags(ear.device("10.1.0.1")), IsEmpty());
}

TEST(Devices, ThatMovedFromAddressToAddressIsOne) {
    Ear ear;
    for (const auto address : {"10.1.0.1", "10.1.0.2", "10.1.0.3"}) ear.hears_arp(1, address);
    EXPECT_THAT(ear.ids(), ElementsAre("10.1.0.1"));
}

TEST(Devices, ThatShareAHardwareAddressAtTheSameTimeAreNotMerged) {
    Ear ear;
    for (int round = 0; round < 2; ++round)
        for (const auto address : {"10.1.0.1", "10.1.0.2", "10.1.0.3"}) ear.hears_arp(1, address);
    EXPECT_THAT(ear.ids(), ElementsAre("10.1.0.1", "10.1.0.2", "10.1.0.3"));
    EXPECT_THAT(flags(ear.device("10.1.0.2")),
                ElementsAre("shares its hardware address with other addresses"));
}

TEST(Devices, BehindARouterAreNotMergedAndDoNotHaveItsHardwareAddress) {
    Ear ear;
    ear.hears_arp(1, "10.1.0.1");
    for (int i = 1; i <= 10; ++i)
        ear.hears_flow(host("10.9.0." + std::to_string(i), 1), host("10.1.0.200", 2, 104), "dicom");
    EXPECT_EQ(ear.ids().size(), 12u);
    EXPECT_EQ(ear.device("10.1.0.1").best(Attribute::role), "network gear");
    EXPECT_EQ(ear.device("10.1.0.1").criticality.level, "care-critical");
    const auto remote = ear.device("10.9.0.3");
    ASSERT_EQ(remote.hardware.size(), 1u);
    EXPECT_EQ(remote.hardware[0].remark, "a router's");
    EXPECT_EQ(ear.device("10.1.0.200").hardware[0].remark, "");
}

TEST(Devices, OfWhichOnlyFramesTellAreNotMergedEither) {
    Ear ear;
    ear.hears_flow(host("10.9.0.1", 1), host("10.1.0.200", 2, 104));
    ear.hears_flow(host("10.9.0.2", 1), host("10.1.0.200", 2, 104));
    EXPECT_THAT(ear.ids(), ElementsAre("10.1.0.200", "10.9.0.1", "10.9.0.2"));
}

TEST(Devices, HaveOneLinkLocalAddressAndOneOther) {
    Ear ear;
    ear.hears_arp(1, "10.1.0.1");
    ear.hears_flow({v6(0xfe80, 1), 5000, mac(1)}, {v6(0xfe80, 2), 80, mac(2)});
    EXPECT_THAT(ear.ids(), ElementsAre("10.1.0.1", "fe80::2"));
    EXPECT_EQ(ear.device("10.1.0.1").addresses.size(), 2u);
}

TEST(Devices, ThatClaimTheSameAddressAreAConflict) {
    Ear ear;
    ear.hears_arp(1, "10.1.0.1");
    ear.hears_arp(2, "10.1.0.1");
    const auto device = ear.device("10.1.0.1");
    EXPECT_THAT(flags(device), ElementsAre("several hardware addresses claim one address"));
    ASSERT_EQ(device.hardware.size(), 2u);
    EXPECT_LT(device.hardware[0].last, device.hardware[1].first);
}

TEST(Devices, WithAHardwareAddressOfTheirOwnMakingAreBoundButNameNoMaker) {
    const auto list =
        Makers::from_csv("MA-L,001A2B,Ayecom Technology Co. Ltd.,Taipei TW\nMA-L,021A2B,Nobody,X\n");
    Ear ear{{}, list};
    ear.hears_arp(1, "10.1.0.1");
    ear.hears(event::ArpBinding{mac(1, 0x021a2b), v4_in("10.1.0.2"), {}, "request"}, {}, {});
    EXPECT_EQ(ear.device("10.1.0.1").best(Attribute::manufacturer), "Ayecom Technology Co. Ltd.");
    EXPECT_EQ(ear.device("10.1.0.2").best(Attribute::manufacturer), "");
    EXPECT_EQ(ear.device("10.1.0.2").hardware[0].remark, "set by software");
}

TEST(Makers, AreReadFromTheListOfTheIeee) {
    const auto makers = Makers::from_csv(
        "Registry,Assignment,Organization Name,Organization Address\r\n"
        "MA-L,0009FB,\"Philips Patient Monitoring, Inc.\",\"3000 Minuteman Road, Andover US\"\r\n"
        "MA-M,0055DA0,IEEE,x\r\nMA-L,XYZ,Broken,\r\nMA-L,001A2B\r\n");
    EXPECT_EQ(makers.size(), 1u);
    EXPECT_EQ(makers.of(mac(1, 0x0009fb)), "Philips Patient Monitoring, Inc.");
    EXPECT_EQ(makers.of(mac(1)), "");
    EXPECT_EQ(Makers{}.of(mac(1)), "");
}

}   // namespace
}   // namespace ward::devices
