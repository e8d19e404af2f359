// SPDX-License-Identifier: Apache-2.0
#include "segment/network.hpp"

#include <gtest/gtest.h>
#include <random>

namespace ward::segment {
namespace {

IpAddress at(std::string_view text) { return parse_ip_address(text).value(); }

std::string text_of(const Spans& spans) {
    std::string out;
    for (const auto& span : spans) out += to_text(span.first) + "-" + to_text(span.last) + " ";
    return out;
}

TEST(Networks, AreReadAndWritten) {
    for (const auto* text : {"10.20.0.0/16", "0.0.0.0/0", "10.20.0.7", "fd00::/64", "fd00::7"})
        EXPECT_EQ(to_text(parse_network(text).value()), text);
    EXPECT_EQ(to_text(parse_network("10.20.0.7/32").value()), "10.20.0.7");
    EXPECT_EQ(to_text(parse_network("10.20.0.0/20")->last()), "10.20.15.255");
    EXPECT_EQ(to_text(parse_network("fd00::/127")->last()), "fd00::1");
}

TEST(Networks, ThatAreNoneOrHaveBitsBehindTheirPrefixAreRefused) {
    for (const auto* text : {"", "10.20.0.1/16", "10.20.0.0/33", "10.20.0.0/-1", "fd00::1/64", "fd00::/129",
                             "10.20.0.0/16/16", "10.20.0.0/ 16", "here"})
        EXPECT_FALSE(parse_network(text)) << text;
}

TEST(Addresses, HaveNeighboursButForTheFirstAndTheLast) {
    EXPECT_EQ(to_text(*behind(at("10.0.255.255"))), "10.1.0.0");
    EXPECT_EQ(to_text(*before(at("10.1.0.0"))), "10.0.255.255");
    EXPECT_EQ(to_text(*behind(at("fd00::ffff"))), "fd00::1:0");
    EXPECT_FALSE(behind(at("255.255.255.255")));
    EXPECT_FALSE(before(at("::")));
}

TEST(Spans, AreJoinedWhereTheyTouch) {
    EXPECT_EQ(text_of(joined({{at("10.0.0.4"), at("10.0.0.7")},
                              {at("10.0.0.0"), at("10.0.0.3")},
                              {at("10.0.0.6"), at("10.0.0.9")},
                              {at("10.0.1.0"), at("10.0.1.0")},
                              {at("255.255.255.255"), at("255.255.255.255")},
                              {at("::"), at("::1")}})),
              "10.0.0.0-10.0.0.9 10.0.1.0-10.0.1.0 255.255.255.255-255.255.255.255 ::-::1 ");
}

TEST(Spans, KeepWhatOthersLeave) {
    const Spans all{{at("10.0.0.0"), at("10.0.0.255")}};
    EXPECT_EQ(text_of(without(all, {{at("10.0.0.7"), at("10.0.0.9")}})),
              "10.0.0.0-10.0.0.6 10.0.0.10-10.0.0.255 ");
    EXPECT_EQ(text_of(without(all, {{at("9.0.0.0"), at("10.0.0.9")}, {at("10.0.0.200"), at("11.0.0.0")}})),
              "10.0.0.10-10.0.0.199 ");
    EXPECT_EQ(text_of(without(all, {{at("9.0.0.0"), at("255.255.255.255")}})), "");
}

TEST(Spans, ThatAreSubtractedHoldNoAddressOfTheOther) {
    std::mt19937 random{7};
    for (int round = 0; round < 200; ++round) {
        const auto some = [&] {
            std::vector<Span> spans;
            for (int i = 0; i < 6; ++i) {
                const auto network = network_of(
                    {{std::byte{10}, std::byte{0}, std::byte{0}, static_cast<std::byte>(random() & 0xffU)},
                     IpAddress::Family::v4},
                    25 + static_cast<unsigned>(random() % 8));
                spans.push_back({network.address, network.last()});
            }
            return joined(std::move(spans));
        };
        const auto from = some(), taken = some(), left = without(from, taken);
        const auto holds = [](const Spans& spans, const IpAddress& address) {
            for (const auto& span : spans)
                if (span.holds(address)) return true;
            return false;
        };
        for (unsigned last = 0; last < 256; ++last) {
            const auto address = at("10.0.0." + std::to_string(last));
            ASSERT_EQ(holds(left, address), holds(from, address) && !holds(taken, address))
                << "round " << round << " of seed 7, " << last;
        }
    }
}

TEST(PublicAddresses, AreThoseOfNobodysOwnNetwork) {
    for (const auto family : {IpAddress::Family::v4, IpAddress::Family::v6})
        for (const auto& span : public_addresses(family))
            for (const auto& address : {span.first, span.last})
                EXPECT_FALSE(address.is_private() || address.is_multicast() || address.is_broadcast())
                    << to_text(address);
    EXPECT_EQ(to_text(public_addresses(IpAddress::Family::v4).front().first), "1.0.0.0");
    EXPECT_EQ(to_text(public_addresses(IpAddress::Family::v4).back().last), "255.255.255.254");
}

}   // namespace
}   // namespace ward::segment
