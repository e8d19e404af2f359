// SPDX-License-Identifier: Apache-2.0
#include "detect/impostor/impostor.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view gateway = "10.0.2.56";
constexpr std::string_view gateway_card = "00:10:83:00:00:01";
constexpr std::string_view other_card = "00:16:76:00:00:09";

class AnImpostor : public ::testing::Test {
protected:
    void claim(std::chrono::seconds at, std::string_view address, std::string_view card) {
        watching_.see(at, "arp", "10.0.0.1", "10.0.0.2",
                      fmt::format(R"({{"opcode":"request","src_mac":"{}","src_ip":"{}"}})", card, address));
    }
    void lend(std::chrono::seconds at, std::string_view address, std::string_view card) {
        watching_.see(
            at, "dhcp", "10.0.0.1", "10.0.0.2",
            fmt::format(R"({{"dhcp_type":"ack","assigned_ip":"{}","client_mac":"{}"}})", address, card));
    }
    Watching<Impostor> watching_{ImpostorLimits{.hosts_max = 30}};
};

TEST_F(AnImpostor, IsAMachineOfItsOwnThatAnswersAtAnothersAddress) {
    claim(0s, gateway, gateway_card);
    lend(2h, "10.0.2.155", other_card);
    claim(3h, gateway, other_card);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "device-impersonated");
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.2.155", "10.0.2.56"}));
    EXPECT_EQ(finding.severity, Severity::critical);
    EXPECT_EQ(finding.events, std::vector<std::string>{"flow:1:2"}) << "by which it got its own address";
}

TEST_F(AnImpostor, IsToldOnceADay) {
    claim(0s, gateway, gateway_card);
    lend(2h, "10.0.2.155", other_card);
    for (int i = 0; i < 20; ++i) {
        claim(3h + 1h * i, gateway, other_card);
        claim(3h + 1h * i + 10min, gateway, gateway_card);
    }
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(AnImpostor, MayBeUnknownWhereTheTrueOneIsStillThere) {
    claim(0s, gateway, gateway_card);
    claim(3h, gateway, other_card);
    EXPECT_TRUE(watching_.findings().empty()) << "it may have been replaced";
    claim(4h, gateway, gateway_card);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems,
              (std::vector<std::string>{"00:16:76:00:00:09", "10.0.2.56"}));
}

TEST_F(AnImpostor, IsNoSecondCardOfTheSameMaker) {
    claim(0s, gateway, gateway_card);
    claim(3h, gateway, "00:10:83:00:00:04");
    claim(4h, gateway, gateway_card);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(AnImpostor, MayHaveACardOfTheSameMaker) {
    claim(0s, gateway, gateway_card);
    lend(2h, "10.0.2.155", "00:10:83:00:00:04");
    claim(3h, gateway, "00:10:83:00:00:04");
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(AnImpostor, IsNoMachineThatReplacesAnother) {
    claim(0s, gateway, gateway_card);
    claim(3h, gateway, other_card);
    claim(28h, gateway, other_card);
    claim(40h, gateway, other_card);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(AnImpostor, IsNobodyWhoWasLentTheAddress) {
    lend(0s, "10.0.2.155", gateway_card);
    lend(5h, "10.0.2.155", other_card);
    claim(5h + 1s, "10.0.2.155", other_card);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(AnImpostor, IsNoMachineOfAGroupWhoseAddressGoesFromOneToTheOther) {
    claim(0s, "10.0.2.1", gateway_card);
    claim(0s, "10.0.2.2", other_card);
    claim(0s, gateway, gateway_card);
    claim(3h, gateway, other_card);
    claim(4h, gateway, gateway_card);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(AnImpostor, IsNoRouterThatAnswersForMany) {
    claim(0s, gateway, gateway_card);
    for (int i = 0; i < 20; ++i) claim(1h, fmt::format("10.0.2.{}", 100 + i), other_card);
    claim(3h, gateway, other_card);
    claim(4h, gateway, gateway_card);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(AnImpostor, IsRememberedWithinBounds) {
    for (int i = 0; i < 200; ++i) claim(1s * i, fmt::format("10.0.3.{}", i), gateway_card);
    EXPECT_EQ(watching_.forgotten(), 170U);
}

}   // namespace
}   // namespace ward::detect
