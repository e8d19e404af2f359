// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocols.hpp"

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <string>

namespace ward::protocol {
namespace {

Guess asked(std::string_view first, std::uint16_t port, Side from = Side::client,
            Transport transport = Transport::tcp) {
    return recognise(transport, port, as_bytes(first), from);
}

std::string_view named(const Guess& guess) {
    return guess.protocol == nullptr ? "nothing" : guess.protocol->name;
}

const std::string hl7 = "\x0bMSH|^~\\&|BED4|UNIT07|HIS|CLIN|2026||ORU^R01|M1|P|2.5.1\r";

TEST(Protocols, ContentDecidesWhateverThePortSays) {
    EXPECT_EQ(named(asked(hl7, 80)), "hl7");
    EXPECT_EQ(named(asked("GET /metadata HTTP/1.1\r\nHost: a\r\n\r\n", 2575)), "http");
    EXPECT_EQ(named(asked("SSH-2.0-OpenSSH_9.2p1\r\n", 443, Side::server)), "ssh");
    EXPECT_EQ(asked(hl7, 80).grounds, Grounds::content);
    EXPECT_EQ(named(asked("\vFHS|^~\\&|MON0\rBHS|^~\\&|MON0\r", 80)), "hl7");
}

TEST(Protocols, WeakContentNeedsThePortOfItsOwn) {
    const std::string enquiry = "\x05";   // ASTM's ENQ, and many another thing
    EXPECT_EQ(named(asked(enquiry, 5000)), "astm");
    EXPECT_EQ(asked(enquiry, 5000).grounds, Grounds::port_and_content);
    EXPECT_EQ(named(asked(enquiry, 12345)), "nothing");
    EXPECT_TRUE(asked(enquiry, 12345).undecided);
}

TEST(Protocols, TheWrongContentIsNotMadeRightByAPort) {
    for (const auto& protocol : protocols())
        for (const auto port : protocol.ports)
            EXPECT_EQ(named(asked("\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe not a word of any protocol here", port,
                                  Side::client, protocol.transport)),
                      "nothing")
                << protocol.name << " on " << port;
}

// A protocol that is unsure of its own port gets the flow for good, so it must look at what there is.
TEST(Protocols, AnotherProtocolsBeginningIsNotMadeRightByAPort) {
    using namespace std::string_literals;
    const std::vector<std::pair<std::string_view, std::string>> beginnings{
        {"http", "GET /metadata HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"ssh", "SSH-2.0-OpenSSH_9.2p1\r\n"},
        {"tls", "\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03"s + std::string(32, 'r')},
        {"smb", "\x00\x00\x00\x50\xfeSMB\x40\x00"s},
        {"mqtt", "\x10\x11\x00\x04MQTT\x04\x02\x00\x3c\x00\x05pump1"s},
        {"hl7", hl7},
    };
    for (const auto& row : protocols())
        for (const auto& [name, bytes] : beginnings)
            for (std::size_t size = 5; size <= bytes.size(); ++size) {
                if (row.transport != Transport::tcp || row.name == name || row.ports[0] == 0) continue;
                const auto guess = asked(bytes.substr(0, size), row.ports[0]);
                ASSERT_NE(named(guess), row.name) << name << " cut at " << size;
            }
}

TEST(Protocols, RandomBytesAreHardlyEverAnything) {
    constexpr unsigned seed = 20261122;
    std::mt19937 random{seed};
    std::size_t recognised = 0;
    constexpr std::size_t rounds = 20'000;
    for (std::size_t i = 0; i < rounds; ++i) {
        std::string bytes(64, '\0');
        for (auto& c : bytes) c = static_cast<char>(random());
        const auto transport = i % 2 == 0 ? Transport::tcp : Transport::udp;
        recognised +=
            asked(bytes, 40'000, i % 4 < 2 ? Side::client : Side::server, transport).protocol != nullptr;
    }
    EXPECT_LE(recognised, rounds / 1000) << "seed " << seed;
}

TEST(Protocols, EachHasANameAndAtMostOneRowForATransport) {
    std::set<std::pair<std::string_view, Transport>> rows;
    for (const auto& protocol : protocols()) {
        EXPECT_FALSE(protocol.name.empty());
        EXPECT_TRUE(rows.insert({protocol.name, protocol.transport}).second) << protocol.name;
        EXPECT_NE(protocol.open(), nullptr);
    }
}

TEST(Protocols, ASessionThatWasJustOpenedIsSmall) {
    for (const auto& protocol : protocols())
        EXPECT_LT(protocol.open()->memory(), std::size_t{16} << 10) << protocol.name;
}

}   // namespace
}   // namespace ward::protocol
