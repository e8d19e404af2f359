// SPDX-License-Identifier: Apache-2.0
#include "wire/packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ward::wire {
namespace {

using testing::ElementsAre;

Buffer hex(std::string_view digits) {
    std::string packed{digits};
    std::erase(packed, ' ');
    return from_hex(packed).value();
}

std::string text_of(const Ip& ip) { return to_text(ip.source) + " > " + to_text(ip.target); }

std::vector<std::uint16_t> ids(const Vlans& vlans) {
    return {vlans.ids.begin(), vlans.ids.begin() + vlans.count};
}

/// Everything that a frame is, to its innermost segment.
struct Layers {
    std::optional<Link> link;
    std::optional<Ip> ip;
    std::optional<Segment> segment;
    unsigned tunnels = 0;
};

Layers decode(Bytes frame, LinkType type = LinkType::ethernet) {
    Layers layers;
    layers.link = decode_link(type, frame);
    while (layers.link && (layers.link->ethertype == 0x0800 || layers.link->ethertype == 0x86dd)) {
        layers.ip = decode_ip(layers.link->payload);
        if (!layers.ip || layers.ip->fragment) break;
        const auto inner = decode_tunnel(*layers.ip);
        if (!inner) {
            layers.segment = decode_transport(*layers.ip);
            break;
        }
        ++layers.tunnels;
        layers.link =
            inner->is_ethernet ? decode_ethernet(inner->bytes) : decode_link(LinkType::raw, inner->bytes);
    }
    return layers;
}

/// The capture may have cut it anywhere: the same packet, known to be cut, or less.
void expect_prefixes_are_harmless(Bytes frame, LinkType type = LinkType::ethernet) {
    const auto whole = decode(frame, type);
    for (std::size_t size = 0; size < frame.size(); ++size) {
        const Buffer prefix{frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)};
        const auto cut = decode(prefix, type);
        if (!cut.segment || !whole.segment || cut.tunnels != whole.tunnels) continue;
        EXPECT_EQ(text_of(*cut.ip), text_of(*whole.ip)) << size << " bytes";
        EXPECT_EQ(cut.segment->source_port, whole.segment->source_port) << size << " bytes";
        EXPECT_LE(cut.segment->payload.size(), whole.segment->payload.size());
        EXPECT_TRUE(cut.ip->missing > 0 || cut.segment->payload.size() == whole.segment->payload.size());
    }
}

// Written from the standards, with addresses of RFC 5737 and 7042, but where a frame is said to be recorded.

// IPv4 and TCP, 40 bytes, and what other links put in front of it.
const std::string syn = "4500002800070000 4006f6c5c0000201c0000202 c3510a0f0000004600000000500220003e380000";

void expect_syn(const Layers& layers) {
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(text_of(*layers.ip), "192.0.2.1 > 192.0.2.2");
    EXPECT_EQ(layers.ip->ttl, 64);
    EXPECT_EQ(layers.ip->length, 40u);
    EXPECT_EQ(layers.ip->missing, 0u);
    EXPECT_EQ(layers.segment->source_port, 50001);
    EXPECT_EQ(layers.segment->target_port, 2575);
    ASSERT_TRUE(layers.segment->tcp);
    EXPECT_EQ(layers.segment->tcp->sequence, 70u);
    EXPECT_EQ(layers.segment->tcp->window, 8192);
    EXPECT_TRUE(layers.segment->tcp->has(TcpFlag::syn));
    EXPECT_FALSE(layers.segment->tcp->has(TcpFlag::ack));
    EXPECT_TRUE(layers.segment->payload.empty());
}

TEST(Link, EthernetIsReadWithoutItsPadding) {
    const auto frame = hex("02005e005302 02005e005301 0800" + syn + "ffffffffffff");
    const auto layers = decode(frame);
    expect_syn(layers);
    EXPECT_EQ(to_text(layers.link->source), "02:00:5e:00:53:01");
    EXPECT_EQ(to_text(layers.link->target), "02:00:5e:00:53:02");
    expect_prefixes_are_harmless(frame);
}

TEST(Link, SnapStandsInFrontOfAnEtherType) {
    const auto frame = hex("02005e005302 02005e005301 0030 aaaa03000000 0800" + syn);
    expect_syn(decode(frame));
    expect_prefixes_are_harmless(frame);
}

TEST(Link, AnotherOrganisationsSnapIsNoEtherType) {
    const auto frame = hex("02005e005302 02005e005301 0030 aaaa0300000c 0800" + syn);
    EXPECT_EQ(decode(frame).link->ethertype, 0);
}

TEST(Link, OneTagAndTwoTagsAreRead) {
    const auto one = hex("02005e005302 02005e005301 8100 e07b 0800" + syn);
    expect_syn(decode(one));
    EXPECT_THAT(ids(decode(one).link->vlans), ElementsAre(123));
    const auto two = hex("02005e00530202005e005301 8100 0008 1000 0b00 0800" + syn);
    EXPECT_EQ(decode(two).link->ethertype, 0x1000) << "no tag that is known";
    const auto qinq = hex("02005e005302 02005e005301 88a8 0064 8100 0065 0800" + syn);
    expect_syn(decode(qinq));
    EXPECT_THAT(ids(decode(qinq).link->vlans), ElementsAre(100, 101));
    expect_prefixes_are_harmless(qinq);
}

TEST(Link, MoreTagsThanAnyoneUsesAreSkipped) {
    std::string tags;
    for (int i = 0; i < 9; ++i) tags += "81000001";
    const auto frame = hex("02005e005302 02005e005301" + tags + "0800" + syn);
    expect_syn(decode(frame));
    EXPECT_EQ(decode(frame).link->vlans.count, vlans_max);
}

TEST(Link, PppoeInTwoTagsIsRead) {
    const auto frame =
        hex("02005e00530202005e00530181000e78810009aa886411000007002e00214500002c00070000400602c1"
            "cb007102cb00710101bbc3510000004600000047601220003a8c0000020405a0");
    const auto layers = decode(frame);
    ASSERT_TRUE(layers.segment);
    EXPECT_THAT(ids(layers.link->vlans), ElementsAre(3704, 2474));
    EXPECT_EQ(text_of(*layers.ip), "203.0.113.2 > 203.0.113.1");
    EXPECT_EQ(layers.segment->source_port, 443);
    expect_prefixes_are_harmless(frame);
}

TEST(Link, LabelsAreSkippedToTheBottomOfTheirStack) {
    const auto frame = hex(
        "02005e00530202005e00530188470001d1ff45000031000700004006148ac6336401cb007101c35100170000004600000047"
        "50182000307e0000fffd18fffb1ffffb21");
    const auto layers = decode(frame);
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(text_of(*layers.ip), "198.51.100.1 > 203.0.113.1");
    EXPECT_EQ(layers.segment->payload.size(), 9u);
    expect_prefixes_are_harmless(frame);
    expect_syn(decode(hex("02005e005302 02005e005301 8847 0001d0ff 0001d1ff" + syn)));
}

TEST(Link, CookedCapturesHaveTheSendersAddressOnly) {
    const auto first = hex("0000 0001 0006 02005e005301 0000 0800" + syn);
    expect_syn(decode(first, LinkType::linux_cooked));
    EXPECT_EQ(to_text(decode(first, LinkType::linux_cooked).link->source), "02:00:5e:00:53:01");
    expect_prefixes_are_harmless(first, LinkType::linux_cooked);
    const auto second = hex("0800 0000 00000002 0001 00 06 02005e005301 0000" + syn);
    expect_syn(decode(second, LinkType::linux_cooked_2));
    EXPECT_EQ(to_text(decode(second, LinkType::linux_cooked_2).link->source), "02:00:5e:00:53:01");
    expect_prefixes_are_harmless(second, LinkType::linux_cooked_2);
    const auto tagged = hex("0000 0001 0006 02005e005301 0000 8100 0007 0800" + syn);
    EXPECT_THAT(ids(decode(tagged, LinkType::linux_cooked).link->vlans), ElementsAre(7));
}

TEST(Link, RawAndLoopbackHaveNoAddresses) {
    for (const auto type : {LinkType::raw, LinkType::raw_bsd, LinkType::raw_openbsd, LinkType::ipv4})
        expect_syn(decode(hex(syn), type));
    expect_syn(decode(hex("02000000" + syn), LinkType::null));
    expect_syn(decode(hex("00000002" + syn), LinkType::loop));
    expect_prefixes_are_harmless(hex("02000000" + syn), LinkType::null);
    EXPECT_FALSE(decode_link(static_cast<LinkType>(147), hex(syn)));
}

TEST(Arp, SaysWhoHasAnAddress) {
    const auto frame = hex(
        "ffffffffffff 02005e005301 8100007b 0806 0001080006040002 02005e005301c0000201 ffffffffffffc0000201");
    const auto link = decode_link(LinkType::ethernet, frame);
    ASSERT_EQ(link->ethertype, 0x0806);
    const auto arp = decode_arp(link->payload);
    ASSERT_TRUE(arp);
    EXPECT_EQ(arp->operation, 2);
    EXPECT_EQ(to_text(arp->sender_mac), "02:00:5e:00:53:01");
    EXPECT_EQ(to_text(arp->sender), "192.0.2.1");
    EXPECT_EQ(to_text(arp->target_mac), "ff:ff:ff:ff:ff:ff");
    for (std::size_t size = 0; size < 28; ++size) EXPECT_FALSE(decode_arp(link->payload.first(size)));
    EXPECT_FALSE(decode_arp(hex("000f08000604000202005e005301c0000201ffffffffffffc0000201")));
}

TEST(Ip, OptionsAreSkipped) {
    // Router alert, then UDP.
    const auto packet =
        hex("46000028 00000000 4011 0000 0a0000010a000002 94040000 1f401f410010 0000 6162636465666768");
    const auto layers = decode(packet, LinkType::raw);
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(layers.segment->source_port, 8000);
    EXPECT_EQ(as_text(layers.segment->payload), "abcdefgh");
    expect_prefixes_are_harmless(packet, LinkType::raw);
}

TEST(Ip, ALengthOfZeroIsTheWholeFrame) {
    const auto layers = decode(hex("4500000000070000 4006f6c5c0000201c0000202 "
                                   "c3510a0f000000460000000050102000dba10000 616263"),
                               LinkType::raw);
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(layers.ip->length, 43u);
    EXPECT_EQ(as_text(layers.segment->payload), "abc");
}

TEST(Ip, AHeaderThatContradictsItselfIsNone) {
    EXPECT_FALSE(decode_ip({}));
    EXPECT_FALSE(decode_ip(hex("4400002800070000 4006f6c5c0000201c0000202")));   // header of 16 bytes
    EXPECT_FALSE(decode_ip(hex("4500001000070000 4006f6c5c0000201c0000202")));   // shorter than its header
    EXPECT_FALSE(decode_ip(hex("4f00004000070000 4006f6c5c0000201c0000202")));   // header behind the end
    EXPECT_FALSE(decode_ip(hex("5500002800070000 4006f6c5c0000201c0000202")));
}

TEST(Ip, ExtensionHeadersAreSkipped) {
    // Recorded: Linux 6.18 joins a group. A router alert stands in front of ICMPv6's MLDv2 report.
    const auto packet = hex(
        "6000000000240001fe8000000000000000005efffe005304ff0200000000000000000000000000163a000502000001008f00"
        "6e000000000104000000ff0200000000000000000001ff005304");
    const auto layers = decode(packet, LinkType::raw);
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(layers.ip->protocol, IpProtocol::icmpv6);
    EXPECT_EQ(layers.segment->source_port, 143);
    expect_prefixes_are_harmless(packet, LinkType::raw);
}

TEST(Ip, NoNumberOfExtensionHeadersHidesTheTransport) {
    const std::string options(40 * 16, '0');   // 40 headers of destination options, each of 8 bytes
    auto packet =
        hex("60000000 0148 3c 40 20010db8000000000000000000000001 20010db8000000000000000000000002" +
            options + "0035 d431 0008 0000");
    for (std::size_t i = 0; i < 40; ++i)
        packet[40 + 8 * i] = std::byte{i == 39 ? std::uint8_t{17} : std::uint8_t{60}};
    const auto layers = decode(packet, LinkType::raw);
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(layers.segment->source_port, 53);
}

// RFC 4302, 2.2: in words of four bytes, less two.
TEST(Ip, TheLengthOfAnAuthenticationHeaderCountsWords) {
    const auto packet = hex("60000000 001c 33 40" + std::string(64, '0') +
                            "11040000 00000100 00000001 0102030405060708090a0b0c 00350036");
    const auto ip = decode_ip(packet);
    ASSERT_TRUE(ip);
    EXPECT_EQ(ip->protocol, IpProtocol::udp);
    EXPECT_EQ(to_hex(ip->payload), "00350036");
}

// RFC 2675, and what offloading leaves to the network card.
TEST(Ip, ALengthOfZeroInIpv6IsTheWholePacket) {
    const auto packet = hex("60000000 0000 11 40" + std::string(64, '0') + "00350036000a0000abcd");
    const auto ip = decode_ip(packet);
    ASSERT_TRUE(ip);
    EXPECT_EQ(ip->length, 50u);
    EXPECT_EQ(ip->missing, 0u);
    EXPECT_EQ(ip->payload.size(), 10u);
}

TEST(Ip, AFragmentThatIsAloneIsNone) {
    const auto frame = hex(
        "02005e00530202005e00530186dd60000000001c2c4020010db800000000000000000000000120010db80000000000000000"
        "000000020600010400000007c3510a0f0000004600000000500220003e380000");
    EXPECT_TRUE(decode(frame).ip->fragment) << "a piece of another packet";
    auto alone = frame;
    alone[14 + 40 + 2] = alone[14 + 40 + 3] = std::byte{0};
    const auto layers = decode(alone);
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(layers.segment->source_port, 50001);
    expect_prefixes_are_harmless(alone);
}

TEST(Ip, FragmentsSayWhereTheyBelong) {
    const auto v4 = decode_ip(hex("4500001c 1234 2002 4011 0000 0a0000010a000002 6162636465666768"));
    ASSERT_TRUE(v4 && v4->fragment);
    EXPECT_EQ(v4->fragment->id, 0x1234u);
    EXPECT_EQ(v4->fragment->offset, 16);
    EXPECT_TRUE(v4->fragment->more);
    // Of a DNS answer over IPv6.
    const auto v6 = decode_ip(hex(
        "6000000000102c3520010db800000000000000000000005320010db800070000000000000000000911000599000000025858"
        "585858585858"));
    ASSERT_TRUE(v6 && v6->fragment);
    EXPECT_EQ(v6->fragment->id, 2u);
    EXPECT_EQ(v6->fragment->offset, 1432);
    EXPECT_TRUE(v6->fragment->more);
    EXPECT_EQ(v6->protocol, IpProtocol::udp);
}

TEST(Tunnel, GreCarriesEthernet) {
    const auto frame = hex(
        "02005e00530202005e00530108004500005d00070000402f2601c6336401c6336402200065580000000702005e0053020200"
        "5e005301080045000033000700004001f6b6c000020ac00002020800c79800010007612070696e67207468726f7567682061"
        "2074756e6e656c");
    const auto layers = decode(frame);
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(layers.tunnels, 1u);
    EXPECT_EQ(text_of(*layers.ip), "192.0.2.10 > 192.0.2.2");
    EXPECT_EQ(layers.segment->source_port, 8);
    EXPECT_EQ(layers.segment->target_port, 0);
}

TEST(Tunnel, ErspanCarriesWhatASwitchMirrored) {
    const auto first =
        hex("02005e00530202005e0053010800 4500004e00070000402f2610c6336401c6336402 000088be"
            "02005e005302 02005e005301 0800" +
            syn);
    expect_syn(decode(first));
    const auto second =
        hex("02005e00530202005e0053010800 4500005a00070000402f2604c6336401c6336402 100088be 00000007"
            "1064000700000009 " +
            std::string{"02005e005302 02005e005301 0800"} + syn);
    expect_syn(decode(second));
    EXPECT_EQ(decode(second).tunnels, 1u);
    const auto third =
        hex("02005e00530202005e0053010800 4500006a00070000402f25f4c6336401c6336402 100022eb 00000007"
            "200a0007000000090000 0001 0c00000000000000 02005e005302 02005e005301 8100000a 0800" +
            syn);
    expect_syn(decode(third));
    EXPECT_THAT(ids(decode(third).link->vlans), ElementsAre(10));
    expect_prefixes_are_harmless(second);
    expect_prefixes_are_harmless(third);
}

TEST(Tunnel, VxlanAndGeneveCarryEthernet) {
    const auto vxlan =
        hex("02005e00530202005e0053010800 4500005a0007000040112622c6336401c6336402 c35212b5 00460000"
            "0800000000000700 02005e005302 02005e005301 0800" +
            syn);
    expect_syn(decode(vxlan));
    const auto geneve =
        hex("02005e00530202005e0053010800 4500005a0007000040112622c6336401c6336402 c35217c1 00460000"
            "0000655800000700 02005e005302 02005e005301 0800" +
            syn);
    expect_syn(decode(geneve));
    EXPECT_EQ(decode(geneve).tunnels, 1u);
    const auto with_options =
        hex("02005e00530202005e0053010800 450000540007000040112628c6336401c6336402 c35217c1 00400000"
            "0240080000000700 0102030405060708" +
            syn);
    expect_syn(decode(with_options));
    for (const auto& frame : {vxlan, geneve, with_options}) expect_prefixes_are_harmless(frame);
}

TEST(Tunnel, SaysWhichVirtualNetworkItIsOf) {
    const auto network = [](std::string_view digits) {
        const auto bytes = hex(digits);
        Ip ip;
        ip.protocol = IpProtocol::udp;
        ip.payload = bytes;
        const auto inner = decode_tunnel(ip);
        return inner ? inner->network : 0;
    };
    const std::string frame = "02005e005301 02005e005302 0800";
    EXPECT_EQ(network("c35012b5 00220000 08000000 00070100" + frame), 0x701u);
    EXPECT_EQ(network("c35017c1 00220000 00006558 00070100" + frame), 0x701u);
}

TEST(Tunnel, GresChecksumAndKeyAreSkipped) {
    const auto bytes = hex("a0000800 12340000 00000001 45");
    Ip ip;
    ip.protocol = IpProtocol::gre;
    ip.payload = bytes;
    const auto inner = decode_tunnel(ip);
    ASSERT_TRUE(inner);
    EXPECT_EQ(to_hex(inner->bytes), "45");
}

TEST(Tunnel, IpCarriesIp) {
    const auto v4 = hex(
        "02005e00530202005e0053010800450000340007000040042655c6336401c633640245000020000800004011f6c1c0000201"
        "c0000202c35232c8000c9bf177617264");
    const auto layers = decode(v4);
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(text_of(*layers.ip), "192.0.2.1 > 192.0.2.2");
    EXPECT_EQ(layers.segment->target_port, 13000);
    EXPECT_EQ(as_text(layers.segment->payload), "ward");
    const auto v6 = hex(
        "02005e00530202005e005301080045000048000700004029261cc6336401c633640260000000000c114020010db800000000"
        "000000000000000120010db8000000000000000000000002c35232c8000cc48077617264");
    EXPECT_EQ(text_of(*decode(v6).ip), "2001:db8::1 > 2001:db8::2");
    expect_prefixes_are_harmless(v4);
    expect_prefixes_are_harmless(v6);
}

TEST(Tunnel, WhatOnlyLooksLikeOneIsNone) {
    const auto inner_of = [](std::string_view digits, std::uint8_t protocol) {
        const auto bytes = hex(digits);
        Ip ip;
        ip.protocol = protocol;
        ip.payload = bytes;
        return decode_tunnel(ip).has_value();
    };
    EXPECT_FALSE(inner_of("3001880b 00000000", IpProtocol::gre)) << "PPTP";
    EXPECT_FALSE(inner_of("40000800 00000000 0000000045", IpProtocol::gre)) << "source routes";
    EXPECT_FALSE(inner_of("0000880b", IpProtocol::gre));
    EXPECT_FALSE(inner_of("1000 12b5 0020 0000 00000000 00000700", IpProtocol::udp)) << "no VXLAN flag";
    EXPECT_FALSE(inner_of("1000 17c1 0020 0000 80006558 00000700", IpProtocol::udp)) << "Geneve's version 2";
}

TEST(Transport, IcmpsTypesThatAnswerEachOtherArePorts) {
    const auto ports = [](std::uint8_t protocol, std::string_view digits) {
        const auto bytes = hex(digits);
        Ip ip;
        ip.protocol = protocol;
        ip.payload = bytes;
        const auto segment = decode_transport(ip);
        return segment ? std::pair{segment->source_port, segment->target_port}
                       : std::pair<std::uint16_t, std::uint16_t>{999, 999};
    };
    using Ports = std::pair<std::uint16_t, std::uint16_t>;
    EXPECT_EQ(ports(1, "0800"), Ports(8, 0));
    EXPECT_EQ(ports(1, "0000"), Ports(0, 8));
    EXPECT_EQ(ports(1, "0a00"), Ports(10, 9));
    EXPECT_EQ(ports(1, "0303"), Ports(3, 3));
    EXPECT_EQ(ports(1, "0b01"), Ports(11, 1));
    EXPECT_EQ(ports(58, "8000"), Ports(128, 129));
    EXPECT_EQ(ports(58, "8800"), Ports(136, 135));
    EXPECT_EQ(ports(58, "0104"), Ports(1, 4));
    EXPECT_EQ(ports(1, "08"), Ports(999, 999));
}

TEST(Transport, SctpHasPorts) {
    const auto layers =
        decode(hex("02005e00530202005e0053010800 45000020000700004084f64fc0000201c0000202"
                   "c3520b590000000700000000 0000000000000000"));
    ASSERT_TRUE(layers.segment);
    EXPECT_EQ(layers.segment->source_port, 50002);
    EXPECT_EQ(layers.segment->target_port, 2905);
    EXPECT_TRUE(layers.segment->payload.empty());
}

TEST(Transport, AHeaderThatContradictsItselfIsNone) {
    const auto is_decoded = [](std::uint8_t protocol, std::string_view digits) {
        const auto bytes = hex(digits);
        Ip ip;
        ip.protocol = protocol;
        ip.payload = bytes;
        return decode_transport(ip).has_value();
    };
    EXPECT_FALSE(is_decoded(6, "c3510a0f0000004600000000400220003e380000")) << "a header of 16 bytes";
    EXPECT_FALSE(is_decoded(6, "c3510a0f0000004600000000600220003e380000")) << "options behind the end";
    EXPECT_FALSE(is_decoded(17, "c3510a0f 0007 0000")) << "less than its own header";
    EXPECT_TRUE(is_decoded(17, "c3510a0f 0000 0000 6162"));
    EXPECT_TRUE(is_decoded(89, ""));
}

}   // namespace
}   // namespace ward::wire
