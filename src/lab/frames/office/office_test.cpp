// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/office_traffic.hpp"

#include <gtest/gtest.h>

#include "lab/frames/office/arp.hpp"
#include "lab/frames/office/bytes_out.hpp"
#include "lab/frames/office/ntp.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

std::string hex_of(Bytes bytes, std::size_t from, std::size_t size) {
    return to_hex(bytes.subspan(from, size));
}

TEST(Dns, NamesThatEndAlikeAreWrittenOnce) {
    // RFC 1035, 4.1.4: F.ISI.ARPA, then FOO before it, then ARPA alone.
    const DnsMessage message{
        .name = "F.ISI.ARPA",
        .type = DnsType::a,
        .answers = {{.name = "FOO.F.ISI.ARPA", .type = DnsType::cname, .target = "ARPA"}}};
    const auto bytes = dns_message(message);
    EXPECT_EQ(hex_of(bytes, 12, 12), "014603495349044152504100");
    EXPECT_EQ(hex_of(bytes, 28, 6), "03464f4fc00c") << "FOO and a pointer to 12";
    EXPECT_EQ(hex_of(bytes, bytes.size() - 4, 4), "0002c012") << "a pointer to 18";
}

TEST(Dns, AnAddressIsAskedForBackwards) {
    // RFC 1035, 3.5: "10.2.0.52" is 52.0.2.10.IN-ADDR.ARPA.
    EXPECT_EQ(dns_name_of(0x0a020034), "52.0.2.10.in-addr.arpa");
}

TEST(Ntp, CountsFrom1900) {
    // RFC 5905, figure 4: 1 January 1970, and the first moment of UTC's leap seconds, 1 January 1972.
    EXPECT_EQ(ntp_time(Moment{}) >> 32, 2'208'988'800U);
    EXPECT_EQ(ntp_time(Moment{sys_days{1972y / 1 / 1}}) >> 32, 2'272'060'800U);
    EXPECT_EQ(ntp_time(Moment{microseconds{500'000}}) & 0xffff'ffffU, 0x8000'0000U);
    EXPECT_EQ(hex_of(ntp_packet({.leap = 3, .version = 4, .mode = 3}), 0, 1), "e3");
}

TEST(Arp, IsAsShortAsEthernetAllows) {
    const Mac mac{2, 0, 0, 0, 0, 1};
    const auto frame = arp_frame({ArpOperation::request, mac, 0x0a140001, {}, 0x0a140002, broadcast_mac});
    EXPECT_EQ(frame.size(), 60U);
    EXPECT_EQ(hex_of(frame, 0, 42),
              "ffffffffffff0200000000010806"
              "0001080006040001"
              "0200000000010a140001"
              "0000000000000a140002");
}

TEST(Dhcp, BeginsItsOptionsWithTheCookieAndTheType) {
    const auto bytes = dhcp_message({.type = DhcpType::discover, .options = {dhcp_option(50, 0x0a140001)}});
    EXPECT_EQ(bytes.size(), 300U);
    EXPECT_EQ(hex_of(bytes, 236, 14),
              "63825363"
              "350101"
              "32040a140001"
              "ff");
}

}   // namespace
}   // namespace ward::lab
