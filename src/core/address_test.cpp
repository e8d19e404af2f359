// SPDX-License-Identifier: Apache-2.0
#include "core/address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <random>

namespace ward {
namespace {

IpAddress address(const char* text) {
    IpAddress result;
    result.family = std::string_view{text}.find(':') == std::string_view::npos ? IpAddress::Family::v4
                                                                               : IpAddress::Family::v6;
    EXPECT_EQ(::inet_pton(result.is_v4() ? AF_INET : AF_INET6, text, result.bytes.data()), 1);
    return result;
}

// RFC 5952, section 4.
TEST(IpAddress, IsWrittenInItsOneRecommendedForm) {
    for (const char* text : {"192.0.2.1", "0.0.0.0", "::", "::1", "2001:db8::1", "2001:db8:0:1:1:1:1:1",
                             "2001:0:0:1::1", "2001:db8::1:0:0:1", "fe80::1:2:3:4", "1:2:3:4:5:6:7:8", "1::"})
        EXPECT_EQ(to_text(address(text)), text);
}

TEST(IpAddress, IsReadBackAsItself) {
    std::mt19937 random{1};
    for (int i = 0; i < 1000; ++i) {
        IpAddress v6{{}, IpAddress::Family::v6};
        for (auto& byte : v6.bytes)
            byte = random() % 2 != 0 ? std::byte{0} : static_cast<std::byte>(random());
        EXPECT_EQ(address((to_text(v6) + "").c_str()), v6);
    }
}

TEST(IpAddress, KnowsItsKind) {
    EXPECT_TRUE(address("10.1.2.3").is_private());
    EXPECT_TRUE(address("172.31.0.1").is_private());
    EXPECT_FALSE(address("172.32.0.1").is_private());
    EXPECT_TRUE(address("fe80::1").is_private());
    EXPECT_TRUE(address("::1").is_private());
    EXPECT_FALSE(address("2001:db8::1").is_private());
    EXPECT_TRUE(address("224.0.0.251").is_multicast());
    EXPECT_TRUE(address("ff02::fb").is_multicast());
    EXPECT_TRUE(address("255.255.255.255").is_broadcast());
}

TEST(IpAddress, IsReadAsItIsWrittenAndNothingElseIs) {
    for (const auto* text : {"10.0.0.1", "255.255.255.255", "::", "fd00::2", "2001:db8::ff00:42:8329"})
        EXPECT_EQ(to_text(parse_ip_address(text).value()), text);
    using namespace std::string_view_literals;
    for (const auto text :
         {""sv, "10.0.0"sv, "10.0.0.256"sv, "10.0.0.1 "sv, "10.0.0.1\0x"sv, "fd00:::2"sv, "here"sv,
          "fe80::1%eth0"sv, "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"sv})
        EXPECT_FALSE(parse_ip_address(text)) << text;
}

TEST(MacAddress, SaysWhoGaveIt) {
    const MacAddress vendor{
        {std::byte{0x00}, std::byte{0x09}, std::byte{0xfb}, std::byte{1}, std::byte{2}, std::byte{0xff}}};
    EXPECT_EQ(to_text(vendor), "00:09:fb:01:02:ff");
    EXPECT_FALSE(vendor.is_local());
    auto made_up = vendor;
    made_up.bytes[0] = std::byte{0x02};
    EXPECT_TRUE(made_up.is_local());
    EXPECT_FALSE(made_up.is_multicast());
}

}   // namespace
}   // namespace ward
