// SPDX-License-Identifier: Apache-2.0
#include "detect/rogue/rogue.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view gateway = "10.0.2.56";
constexpr std::string_view inventory = "10.0.1.7";
constexpr std::string_view stranger = "10.0.2.155";

std::string pump(int number) { return fmt::format("10.0.2.{}", number + 1); }

class ARogueDevice : public ::testing::Test {
protected:
    void SetUp() override {
        for (int i = 0; i < 20; ++i)
            watching_.see(1s * i, "sdc", gateway, pump(i), R"({"action":"ProbeMatches"})");
        ask(gateway, 20, 1min);
        watching_.see(2min, "ntp", inventory, "10.0.0.10", "{}");
    }
    void ask(std::string_view host, int pumps, std::chrono::seconds at) {
        for (int i = 0; i < pumps; ++i)
            watching_.see(at + 1min * i, "http", host, pump(i),
                          R"({"request_content_type":"application/soap+xml"})");
    }
    void command(std::string_view host, int number, std::chrono::seconds at) {
        watching_.see(at, "sdc", host, pump(number), R"({"action":"SetValue","invocation_state":"Wait"})");
    }
    Watching<Rogue> watching_{RogueLimits{.hosts_max = 30}};
};

TEST_F(ARogueDevice, IsAHostThatNobodyKnowsAndThatAsksPumps) {
    ask(stranger, 4, 8h);
    EXPECT_TRUE(watching_.findings().empty());
    ask(stranger, 5, 9h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "rogue-device");
    EXPECT_EQ(finding.systems.front(), "10.0.2.155");
    EXPECT_EQ(finding.systems.size(), 6U);
    EXPECT_EQ(finding.severity, Severity::high);
}

TEST_F(ARogueDevice, IsWorseIfItCommandsThem) {
    ask(stranger, 12, 8h);
    command(stranger, 3, 9h);
    command(stranger, 4, 9h);
    ASSERT_EQ(watching_.findings().size(), 2U);
    EXPECT_EQ(watching_.findings().back().severity, Severity::critical);
}

TEST_F(ARogueDevice, MayCommandWithoutAsking) {
    for (int i = 0; i < 3; ++i) command(stranger, i, 8h + 1min * i);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(ARogueDevice, MayBeOneThatIsKnownButNeverCommandedAny) {
    command(inventory, 1, 8h);
    EXPECT_TRUE(watching_.findings().empty());
    command(inventory, 2, 8h);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(ARogueDevice, IsNoInventoryThatAsksAllAndCommandsNone) {
    ask(inventory, 20, 8h);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ARogueDevice, IsNoGatewayThatAlwaysAsked) {
    ask(gateway, 20, 8h);
    for (int i = 0; i < 20; ++i) command(gateway, i, 9h + 1min * i);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ARogueDevice, IsNoPumpThatIsNew) {
    watching_.see(8h, "sdc", "10.0.2.99", "239.255.255.250", R"({"action":"Hello"})");
    ask("10.0.2.99", 10, 8h);
    watching_.see(9h, "device", "10.0.0.1", "10.0.0.2",
                  R"({"role":"medical device","addresses":["10.0.2.98"]})");
    ask("10.0.2.98", 10, 9h);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ARogueDevice, IsNobodyWhoSpeaksToOtherMachines) {
    for (int i = 0; i < 20; ++i)
        watching_.see(8h + 1min * i, "tls", stranger, fmt::format("10.0.1.{}", i), "{}");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(ARogueDevice, IsRememberedWithinBounds) {
    for (int i = 0; i < 200; ++i) ask(fmt::format("10.0.3.{}", i), 1, 8h + 1s * i);
    EXPECT_EQ(watching_.forgotten(), 171U) << "the gateway, too";
}

}   // namespace
}   // namespace ward::detect
