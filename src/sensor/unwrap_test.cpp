// SPDX-License-Identifier: Apache-2.0
#include "sensor/unwrap.hpp"

#include <gmock/gmock.h>

#include "sensor/packets_test.hpp"

namespace ward::sensor {
namespace {

using testing::ElementsAre;

class UnwrapperTest : public testing::Test {
protected:
    void see(Bytes frame, wire::LinkType link = wire::LinkType::ethernet) {
        unwrapper.frame(
            frame_of(frame, {}, link), ++number,
            [this](const Sighting& packet) {
                seen.push_back(to_text(packet.ip.source) + " " +
                               std::string{as_text(packet.segment.payload)});
            },
            [this](const event::Event& event) {
                std::string line;
                append_eve(line, event);
                claims.push_back(line.substr(line.find("\"arp\":{")));
            });
    }
    static Buffer arp(std::uint16_t operation, std::string_view mac, std::string_view address) {
        return from_hex(
                   "ffffffffffff0200000000010806"
                   "0001080006040"
                   "00" +
                   std::to_string(operation) + std::string{mac} + std::string{address} +
                   "000000000000"
                   "0a000009")
            .value();
    }
    /// IPv4 around a payload.
    static Buffer ip(std::uint8_t protocol, Bytes payload) {
        Buffer out = from_hex("4500").value();
        append_big_endian(out, static_cast<std::uint16_t>(20 + payload.size()));
        append(out, from_hex("0000000040").value());
        out.push_back(static_cast<std::byte>(protocol));
        append(out, from_hex("0000c0a80101c0a80102").value());
        append(out, payload);
        return out;
    }

    Unwrapper unwrapper;
    std::uint64_t number = 0;
    std::vector<std::string> seen;
    std::vector<std::string> claims;
};

TEST_F(UnwrapperTest, AForgerOfManyClaimsMakesItTellKnownOnesAgainAndHoldNoMore) {
    const auto claim = [this](std::uint32_t address) {
        auto digits = Buffer{};
        append_big_endian(digits, address);
        see(arp(2, "020000000001", to_hex(digits)));
    };
    for (std::uint32_t i = 1; i <= 65'536; ++i) claim(0x0a000000U + i);
    claims.clear();
    claim(0x0a000001U);
    EXPECT_TRUE(claims.empty()) << "it is known";
    claim(0x0b000001U);
    claim(0x0a000001U);
    EXPECT_EQ(claims.size(), 2u);
}

// One with a time of its own neither lets all others wait for ever, nor ends them.
TEST_F(UnwrapperTest, AFragmentWithAWrongTimeEndsNoOthersWait) {
    auto first = ip(wire::udp, as_bytes("12345678"));
    auto second = ip(wire::udp, as_bytes("tail"));
    first[6] = std::byte{0x20};   // more fragments
    second[7] = std::byte{1};     // at 8 bytes
    const auto at = [&](Bytes frame, std::chrono::seconds time) {
        unwrapper.frame(
            frame_of(frame, event::Time{time}, wire::LinkType::raw), ++number, [](const Sighting&) {},
            [](const event::Event&) {});
    };
    const std::chrono::seconds noon{1'700'000'000};
    const std::chrono::hours ten_years{24 * 3652};
    at(first, noon + ten_years);
    for (int i = 0; i < 100; ++i) {
        first[5] = second[5] = static_cast<std::byte>(i + 1);   // the identification
        at(first, noon + std::chrono::minutes{i});
        if (i == 50) at(first, noon + ten_years);
        at(second, noon + std::chrono::minutes{i} + std::chrono::seconds{45});
    }
    EXPECT_GE(unwrapper.fragment_counts().timed_out, 199u);
    EXPECT_EQ(unwrapper.fragment_counts().reassembled, 0u);
}

TEST_F(UnwrapperTest, TellsThePacketInsideOfTunnels) {
    const auto frame = Packet::udp({"10.0.0.1", 1}, {"10.0.0.2", 2}, "hello").frame();
    auto gre = from_hex("00006558").value();
    append(gre, frame);
    see(ip(wire::ip_in_ip, ip(wire::gre, gre)), wire::LinkType::raw);
    EXPECT_THAT(seen, ElementsAre("10.0.0.1 hello"));
    EXPECT_EQ(unwrapper.counts().tunnels, 2u);
}

TEST_F(UnwrapperTest, TunnelsWithinTunnelsEndSomewhere) {
    auto packet = ip(99, as_bytes("core"));
    for (int i = 0; i < 6; ++i) packet = ip(wire::ip_in_ip, packet);
    see(packet, wire::LinkType::raw);
    EXPECT_EQ(unwrapper.counts().tunnels, wire::tunnels_max);
    EXPECT_EQ(seen.size(), 1u) << "the innermost that was looked at";
}

TEST_F(UnwrapperTest, HearsClaimsOfAddressesInATunnel) {
    auto mirrored = from_hex("00006558").value();
    append(mirrored, arp(2, "020000000007", "0a000007"));
    see(ip(wire::gre, mirrored), wire::LinkType::raw);
    EXPECT_EQ(claims.size(), 1u);
}

TEST_F(UnwrapperTest, ATunnelWhoseInsideCannotBeReadIsAPacketItself) {
    see(ip(wire::ip_in_ip, as_bytes("covert")), wire::LinkType::raw);
    EXPECT_THAT(seen, ElementsAre("192.168.1.1 covert"));
    EXPECT_EQ(unwrapper.counts().tunnels, 0u);
}

TEST_F(UnwrapperTest, CountsWhatItCannotRead) {
    see(from_hex("0102").value());
    see(Packet::udp({"10.0.0.1", 1}, {"10.0.0.2", 2}, "x").frame(), static_cast<wire::LinkType>(147));
    EXPECT_EQ(unwrapper.counts().unknown_link, 2u);
    see(from_hex("0102030405060708090a0b0c88cc0207").value());   // LLDP
    EXPECT_EQ(unwrapper.counts().not_ip, 1u);
    see(from_hex("0102030405060708090a0b0c08004500").value());
    see(ip(wire::tcp, as_bytes("short")), wire::LinkType::raw);
    EXPECT_EQ(unwrapper.counts().undecodable, 2u);
    EXPECT_EQ(unwrapper.counts().frames, 5u);
    EXPECT_THAT(seen, ElementsAre());
}

TEST_F(UnwrapperTest, PutsFragmentsTogetherBeforeTheyAreRead) {
    const auto whole = Packet::udp({"10.0.0.1", 1}, {"10.0.0.2", 2}, "0123456789").frame();
    auto first = Buffer{whole.begin(), whole.begin() + 34 + 16};
    first[17] = std::byte{36};
    first[20] = std::byte{0x20};
    auto second = Buffer{whole.begin(), whole.begin() + 34};
    append(second, Bytes{whole}.subspan(50));
    second[17] = std::byte{22};
    second[21] = std::byte{2};
    see(second);
    see(first);
    EXPECT_THAT(seen, ElementsAre("10.0.0.1 0123456789"));
    EXPECT_EQ(unwrapper.fragment_counts().reassembled, 1u);
}

TEST_F(UnwrapperTest, TellsEachClaimOfAnAddressOnce) {
    see(arp(2, "020000000001", "0a000001"));
    see(arp(1, "020000000001", "0a000001"));
    EXPECT_THAT(
        claims,
        ElementsAre(
            "\"arp\":{\"opcode\":\"reply\",\"src_mac\":\"02:00:00:00:00:01\",\"src_ip\":\"10.0.0.1\"}}\n"));
    see(arp(1, "020000000666", "0a000001"));
    ASSERT_EQ(claims.size(), 2u);
    EXPECT_THAT(claims[1], testing::HasSubstr("\"mac_before\":\"02:00:00:00:00:01\""));
    see(arp(1, "020000000001", "00000000"));   // a probe
    EXPECT_EQ(claims.size(), 2u);
}

}   // namespace
}   // namespace ward::sensor
