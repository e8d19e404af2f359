// SPDX-License-Identifier: Apache-2.0
#include "sensor/floods.hpp"

#include <gmock/gmock.h>

#include "sensor/packets_test.hpp"

namespace ward::sensor {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int told_max = static_cast<int>(Floods::told_max);

std::string numbered(int i) { return "10.1." + std::to_string(i / 250) + "." + std::to_string(1 + i % 250); }

Packet syn(const Host& from, const Host& to) { return Packet::tcp(from, to, wire::TcpFlag::syn).sequence(1); }

/// "value: at least so many", the most frequent first.
std::vector<std::string> shares(json::Value list) {
    std::vector<std::string> all;
    for (const auto share : list.items()) {
        const auto value = share["value"];
        all.push_back(std::string{value.is_string() ? value.text() : value.raw()} + ": " +
                      std::string{share["flows_min"].raw()});
    }
    return all;
}

TEST(Floods, ManySynsThatNobodyAnswersAreToldTogether) {
    Tape tape;
    for (int i = 0; i < told_max + 500; ++i) tape.add(syn({numbered(i), 999}, {"10.0.0.1", 443}));
    const Heard heard{tape};
    EXPECT_EQ(heard.all("flow").size(), Floods::told_max);
    const auto flood = heard.one("flood")["flood"];
    EXPECT_EQ(flood["proto"].text(), "TCP");
    EXPECT_EQ(flood["flows"].number(), 500);
    EXPECT_EQ(flood["packets"].number(), 500);
    EXPECT_EQ(flood["bytes"].number(), 500 * 40);
    EXPECT_THAT(shares(flood["targets"]), ElementsAre("10.0.0.1: 500"));
    EXPECT_THAT(shares(flood["target_ports"]), ElementsAre("443: 500"));
    EXPECT_THAT(shares(flood["sources"]), IsEmpty()) << "each spoke once";
}

TEST(Floods, AScanOfPortsThatAreClosedIsToldByWhoScans) {
    Tape tape;
    for (int i = 0; i < told_max + 500; ++i) {
        const Host target{numbered(i % 7), static_cast<std::uint16_t>(1 + i)};
        Connection{tape, {"10.0.0.66", 40000}, target}.syn().reset(Side::server);
    }
    const Heard heard{tape};
    const auto flood = heard.one("flood")["flood"];
    EXPECT_EQ(flood["flows"].number(), 500);
    EXPECT_EQ(flood["packets"].number(), 1000);
    EXPECT_THAT(shares(flood["sources"]), ElementsAre("10.0.0.66: 500"));
    EXPECT_THAT(shares(flood["source_macs"]), ElementsAre("02:00:0a:00:00:42: 500"));
    EXPECT_THAT(shares(flood["target_ports"]), IsEmpty());
}

TEST(Floods, DatagramsThatAreLeftUnreadSayHowMuchItWas) {
    Tape tape;
    for (int i = 0; i < told_max + 10; ++i)
        tape.add(Packet::udp({numbered(i), 999}, {"10.0.0.1", 9}, std::string(100, '\xee')));
    const Heard heard{tape};
    const auto flood = heard.one("flood")["flood"];
    EXPECT_EQ(flood["proto"].text(), "UDP");
    EXPECT_EQ(flood["not_inspected"]["unknown"].number(), 1000);
}

TEST(Floods, AMinuteAfterItThingsAreToldOneByOne) {
    Tape tape;
    for (int i = 0; i < told_max + 5; ++i) tape.add(syn({numbered(i), 999}, {"10.0.0.1", 443}));
    tape.after(61s).add(syn({"10.0.0.5", 1}, {"10.0.0.1", 443}));   // the flood's flows end
    tape.after(61s).add(syn({"10.0.0.5", 2}, {"10.0.0.1", 443}));
    const Heard heard{tape};
    EXPECT_EQ(heard.one("flood")["flood"]["flows"].number(), 5);
    EXPECT_EQ(heard.all("flow").size(), Floods::told_max + 2);
}

TEST(Floods, WhatSaidSomethingIsAlwaysToldAlone) {
    Tape tape;
    for (int i = 0; i < told_max; ++i) tape.add(syn({numbered(i), 999}, {"10.0.0.1", 443}));
    Connection{tape, {"10.0.0.7", 40000}, {"10.0.0.2", 2575}}.open().client("MSH|^~\\&|A|B\r").close();
    tape.add(Packet::udp({"10.0.0.7", 5353}, {"224.0.0.251", 5353}, "nobody answers a multicast"));
    const Heard heard{tape};
    EXPECT_EQ(heard.all("flow").size(), Floods::told_max + 2);
    EXPECT_TRUE(heard.all("flood").empty());
}

TEST(Frequent, FindsWhatIsMoreThanItsShareAmongAnyNumberOfOthers) {
    Frequent<int> values;
    for (int i = 0; i < 10'000; ++i) {
        values.add(100 + i);
        if (i % 2 == 0) values.add(7);
        if (i % 4 == 0) values.add(8);
    }
    const auto most = values.most(500);
    ASSERT_EQ(most.size(), 2u);
    EXPECT_EQ(most[0].value, 7);
    EXPECT_EQ(most[1].value, 8);
    // Counted too low by at most a seventeenth of all.
    EXPECT_LE(most[0].flows_min, 5000u);
    EXPECT_GE(most[0].flows_min, 5000u - 17'500 / 17);
}

}   // namespace
}   // namespace ward::sensor
