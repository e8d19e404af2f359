// SPDX-License-Identifier: Apache-2.0
#include "detect/lateral/lateral.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Moving : public ::testing::Test {
protected:
    void start(std::chrono::minutes at, std::string_view client, std::string_view server) {
        watching_.see(at, "dcerpc", client, server,
                      R"({"request":"REQUEST","response":"RESPONSE","operation":"CreateServiceW"})");
    }
    void sit_down(std::chrono::minutes at, std::string_view client, std::string_view server) {
        watching_.see(at, "rdp", client, server, R"({"protocol":"ssl"})");
    }
    Watching<Lateral> watching_{LateralLimits{}};
};

TEST_F(Moving, IsToStartProgramsOnOthers) {
    start(10min, "10.0.1.7", "10.0.0.1");
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().kind, "lateral-movement");
    EXPECT_EQ(watching_.findings().front().severity, Severity::medium);
    EXPECT_EQ(watching_.findings().front().systems, (std::vector<std::string>{"10.0.1.7", "10.0.0.1"}));
    for (int i = 2; i < 10; ++i) start(1min * (10 + i), "10.0.1.7", fmt::format("10.0.0.{}", i));
    ASSERT_EQ(watching_.findings().size(), 2U) << "and once more when they are many";
    EXPECT_EQ(watching_.findings().back().severity, Severity::high);
    EXPECT_TRUE(watching_.findings().back().takes_over);
}

TEST_F(Moving, IsToWorkAtADeskWhereOneNeverWas) {
    sit_down(1h, "10.0.1.7", "10.0.0.1");
    EXPECT_TRUE(watching_.findings().empty()) << "on the first day nobody was anywhere";
    for (int i = 0; i < 5; ++i) sit_down(30h, "10.0.1.7", "10.0.0.1");
    EXPECT_TRUE(watching_.findings().empty());
    for (int i = 0; i < 5; ++i) sit_down(31h, "10.0.1.7", "10.0.0.2");
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems, (std::vector<std::string>{"10.0.1.7", "10.0.0.2"}));
}

TEST_F(Moving, IsNotWhatWhoLooksAfterOthersDoes) {
    for (int i = 0; i < 3; ++i) sit_down(1h, "10.0.1.7", fmt::format("10.0.0.{}", i));
    for (int i = 3; i < 30; ++i) sit_down(24h * i, "10.0.1.7", fmt::format("10.0.0.{}", i));
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Moving, IsNotAServiceThatIsOnlyAskedFor) {
    watching_.see(1h, "dcerpc", "10.0.1.7", "10.0.0.1",
                  R"({"request":"REQUEST","response":"RESPONSE","operation":"OpenSCManagerW"})");
    watching_.see(1h, "dcerpc", "10.0.1.7", "10.0.0.1",
                  R"({"request":"REQUEST","response":"FAULT","operation":"CreateServiceW"})");
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
