// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/office_traffic.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "lab/care/care.hpp"
#include "lab/frames/office/arp.hpp"
#include "lab/frames/office/asn1.hpp"
#include "lab/frames/office/bytes_out.hpp"
#include "lab/frames/office/ntp.hpp"
#include "lab/frames/office/rdp.hpp"
#include "lab/frames/office/x509.hpp"

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

// RFC 8448, 3: the client's and the server's hello of a simple handshake.
TEST(Tls, SaysHelloAsInTheExample) {
    const auto client = tls_client_hello(
        {.random = *from_hex("cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7"),
         .ciphers = {0x1301, 0x1303, 0x1302},
         .extensions = {tls_server_name("server"),
                        {0xff01, *from_hex("00")},
                        tls_list(10, {0x1d, 0x17, 0x18, 0x19, 0x100, 0x101, 0x102, 0x103, 0x104}),
                        {35, {}},
                        tls_shares({{0x1d, *from_hex("99381de560e4bd43d23d8e435a7dbafe"
                                                     "b3c06e51c13cae4d5413691e529aaf2c")}}),
                        tls_versions({0x0304}),
                        tls_list(13, {0x0403, 0x0503, 0x0603, 0x0203, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501,
                                      0x0601, 0x0201, 0x0402, 0x0502, 0x0602, 0x0202}),
                        {45, *from_hex("0101")},
                        {28, *from_hex("4001")}}});
    EXPECT_EQ(to_hex(client),
              "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302"
              "010000910000000b0009000006736572766572ff01000100000a00140012001d001700180019010001010102010301"
              "0400230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c"
              "002b0003020304000d0020001e040305030603020308040805080604010501060102010402050206020202002d0002"
              "0101001c00024001");
    const auto server = tls_server_hello(
        {.random = *from_hex("a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e26928"),
         .cipher = 0x1301,
         .extensions = {{51, *from_hex("001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1"
                                       "dd69b1b04e751f0f")},
                        {43, *from_hex("0304")}}});
    EXPECT_EQ(to_hex(server),
              "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e26928001301"
              "00002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f"
              "002b00020304");
}

TEST(Asn1, WritesWhatTheStandardShows) {
    // X.690, 8.19.5 (2.100.3 in 8.19.4's manner), 8.6.4.2, 11.7.5; RFC 8017's arc; numbers at the edges.
    EXPECT_EQ(to_hex(asn1::identifier("2.999.3")), "0603883703");
    EXPECT_EQ(to_hex(asn1::identifier("1.2.840.113549")), "06062a864886f70d");
    EXPECT_EQ(to_hex(asn1::bits(*from_hex("0a3b5f291cd0"), 4)), "0307040a3b5f291cd0");
    EXPECT_EQ(to_hex(asn1::number(127)), "02017f");
    EXPECT_EQ(to_hex(asn1::number(128)), "02020080");
    EXPECT_EQ(to_hex(asn1::number(-129)), "0202ff7f");
    EXPECT_EQ(as_text(asn1::generalized_time(Moment{sys_days{1992y / 5 / 21}})).substr(2), "19920521000000Z");
    EXPECT_EQ(asn1::octets(Buffer(200)).size(), 203U);
    EXPECT_EQ(asn1::octets(Buffer(300)).size(), 304U);
}

TEST(Kerberos, NamesAndTicketsAreAsTheStandardTagsThem) {
    const auto ticket =
        kerberos_ticket("A.EXAMPLE", {kerberos::service_instance, {"cifs", "fs"}}, {18, 2, Buffer(3)});
    // RFC 4120, 5.3: [APPLICATION 1], tkt-vno, realm, sname, enc-part.
    EXPECT_EQ(to_hex(ticket),
              "6140303ea003020105a10b1b09412e4558414d504c45"
              "a2153013a003020102a10c300a1b04636966731b026673"
              "a3133011a003020112a103020102a2050403000000");
}

TEST(Ldap, AsksAsTheStandardTagsIt) {
    // RFC 4511, 4.3: an unbind request is [APPLICATION 2] NULL.
    EXPECT_EQ(to_hex(ldap_unbind(5)), "30050201054200");
    const LdapSearch search{.filter = ldap_present("objectClass")};
    EXPECT_EQ(to_hex(ldap_search(1, search)),
              "30250201016320"
              "04000a01000a0100020100020178010100"
              "870b6f626a656374436c617373"
              "3000");
}

TEST(Smb, HeadsAreSixtyFourBytesBehindTheirLength) {
    // MS-SMB2 2.2.1.2 and 2.2.7: a logoff of session 1, message 4.
    const auto message = smb_message(
        {.command = SmbCommand::logoff, .message = 4, .session = 1, .signature = Buffer(16)}, smb_nothing());
    EXPECT_EQ(to_hex(message),
              "00000044"
              "fe534d42"
              "4000"
              "0100"
              "00000000"
              "0200"
              "0100"
              "08000000"
              "00000000"
              "0400000000000000"
              "00000000"
              "00000000"
              "0100000000000000"
              "00000000000000000000000000000000"
              "0400"
              "0000");
}

TEST(Smb, WhatItSaysOfPlacesHolds) {
    const auto wish = smb_negotiate({.dialects = {0x0302, 0x0311},
                                     .guid = Buffer(16),
                                     .salt = Buffer(32),
                                     .ciphers = {2},
                                     .server = "fs"});
    // 2.2.3: 36 bytes and two dialects, padded: the contexts begin at 104, counted from the header.
    EXPECT_EQ(hex_of(wish, 28, 8), "6800000003000000");
    EXPECT_EQ(hex_of(wish, 40, 4), "01002600") << "integrity first, of 38 bytes";
    EXPECT_EQ(hex_of(smb_create({.name = "a"}, SmbWish::open), 44, 4), "78000200");
}

TEST(Rdp, BeginsAsInTheExamples) {
    // MS-RDPBCGR 4.1.1 and 4.1.2, of which the second selects TLS (its dump says 01).
    EXPECT_EQ(to_hex(rdp_request("eltons", 0)),
              "0300002c27e00000000000436f6f6b69653a206d737473686173683d656c746f6e730d0a0100080000000000");
    EXPECT_EQ(to_hex(rdp_confirm(0, 1)), "030000130ed000001234000200080001000000");
}

TEST(Certificate, IsTheSameOfTheSameDice) {
    const CertificateWish wish{"a.example", "Open Keys", "OK R11", Moment{}, Moment{days{90}}};
    EXPECT_EQ(certificate(wish, Random{7}), certificate(wish, Random{7}));
    EXPECT_NE(certificate(wish, Random{7}), certificate(wish, Random{8}));
}

/// The frames of a small practice's day.
std::vector<Frame> frames_of_a_day() {
    std::vector<Frame> frames;
    Tap tap{[&](const Frame& frame) { frames.push_back(frame); }};
    Story story{Size::clinic, 7, 2026y / 3 / 2};
    Office office{tap, story};
    OfficeTraffic routine{office};
    story.add_witness(routine);
    const auto end = story.begin() + days{1};
    Care care{story, end};
    care.begin();
    story.agenda().run_until(end);
    tap.pass(Moment::max());
    return frames;
}

TEST(OfficeTraffic, IsTheSameOfTheSameSeed) {
    const auto first = frames_of_a_day();
    const auto second = frames_of_a_day();
    EXPECT_GT(first.size(), 10'000U);
    EXPECT_TRUE(std::ranges::equal(first, second, [](const Frame& left, const Frame& right) {
        return left.at == right.at && left.bytes == right.bytes;
    }));
}

TEST(OfficeTraffic, ClosesWhatItOpens) {
    int opened = 0, ended = 0, broken_off = 0;
    for (const auto& frame : frames_of_a_day()) {
        if (hex_of(frame.bytes, 12, 2) != "0800" || frame.bytes[23] != std::byte{6}) continue;
        const auto flags = std::to_integer<std::uint8_t>(frame.bytes[47]);
        opened += flags == (tcp_flag::syn | tcp_flag::ack);
        ended += (flags & tcp_flag::fin) != 0;
        // A refusal has the sequence number 0: RFC 9293, 3.10.7.1.
        broken_off += (flags & tcp_flag::rst) != 0 && hex_of(frame.bytes, 38, 4) != "00000000";
    }
    EXPECT_GT(opened, 500);
    EXPECT_LE(opened - broken_off - ended / 2, 10) << "what is still open at midnight";
}

}   // namespace
}   // namespace ward::lab
