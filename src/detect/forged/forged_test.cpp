// SPDX-License-Identifier: Apache-2.0
#include "detect/forged/forged.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view laboratory = "10.0.0.17";
constexpr std::string_view forger = "10.0.0.68";

class ForgedMessages : public ::testing::Test {
protected:
    void send(std::string_view host, std::chrono::seconds at, std::string_view more = "",
              std::string_view receiver = "10.0.0.15") {
        watching_.see(at, "hl7", host, receiver,
                      fmt::format(R"({{"type":"ORU^R01^ORU_R01","sending_application":"LIS",)"
                                  R"("sending_facility":"HOSP","from":"client"{}}})",
                                  more));
    }
    /// Of the true sender, every five minutes.
    void send_truly(std::chrono::minutes from, std::chrono::minutes until,
                    std::string_view receiver = "10.0.0.15") {
        for (auto at = from; at < until; at += 5min) send(laboratory, at, "", receiver);
    }
    Watching<Forged> watching_{ForgedLimits{.receivers_max = 30}};
};

TEST_F(ForgedMessages, ComeFromAnotherHostBesideTheTrueOne) {
    send_truly(0h, 6h);
    send(forger, 6h + 1min);
    send_truly(6h + 2min, 7h);
    EXPECT_TRUE(watching_.findings().empty()) << "once may be a switch to and fro";
    send(forger, 7h + 1min);
    send_truly(7h + 2min, 8h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "message-forged");
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.0.68", "10.0.0.15"}));
    EXPECT_EQ(finding.events.size(), 2U);
    EXPECT_EQ(finding.at, Watching<Forged>::begin + 7h + 2min) << "when the true one is heard again";
}

TEST_F(ForgedMessages, AreToldOnceADay) {
    send_truly(0h, 6h);
    for (auto at = 6h + 0min; at < 29h; at += 10min) {
        send(laboratory, at);
        send(forger, at + 1min);
    }
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(ForgedMessages, AreNoneOfAMachineThatStandsInWhileTheTrueOneIsSilent) {
    send_truly(0h, 6h);
    for (int times = 0; times < 3; ++times) {
        const auto at = 6h + 2h * times;
        for (int i = 0; i < 6; ++i) send(forger, at + 8min * i);
        send_truly(at + 1h, at + 2h);
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ForgedMessages, AreNotMadeOfSwitchesThatAreDaysApart) {
    send_truly(0h, 6h);
    for (int day = 1; day < 6; ++day) {
        send(forger, 36h * day);
        send_truly(36h * day + 1min, 36h * day + 1h);
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ForgedMessages, AreNoneWhereTwoMachinesShareAFeedFromTheBeginning) {
    for (auto at = 0min; at < 10h; at += 5min) {
        send(laboratory, at);
        send(forger, at + 2min);
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ForgedMessages, AreNoneOfAMachineThatASystemMovedTo) {
    send_truly(0h, 6h);
    for (auto at = 6h + 0min; at < 20h; at += 5min) send(forger, at);
    for (auto at = 20h + 0min; at < 22h; at += 5min) {
        send(laboratory, at);
        send(forger, at + 1min);
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ForgedMessages, AreNoneThatAnEnginePassesOnToAnotherReceiver) {
    send_truly(0h, 6h);
    for (auto at = 6h + 0min; at < 12h; at += 5min) {
        send(laboratory, at);
        send("10.0.0.20", at + 1s, "", "10.0.0.40");
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ForgedMessages, AreNoTestsAndNoAnswers) {
    send_truly(0h, 6h);
    for (auto at = 6h + 0min; at < 8h; at += 10min) {
        send(laboratory, at);
        send(forger, at + 1min, R"(,"processing_id":"T")");
        send(forger, at + 2min, R"(,"acknowledged_id":"7")");
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ForgedMessages, AreRememberedWithinBounds) {
    for (int i = 0; i < 200; ++i) send_truly(0min, 5min, fmt::format("10.0.1.{}", i));
    EXPECT_EQ(watching_.forgotten(), 170U);
}

}   // namespace
}   // namespace ward::detect
