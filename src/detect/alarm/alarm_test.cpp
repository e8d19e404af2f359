// SPDX-License-Identifier: Apache-2.0
#include "detect/alarm/alarm.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

std::string alert(int rule, int severity, std::string_view more = "") {
    return fmt::format(R"({{"signature":"rule {0}","signature_id":{0},"severity":{1}{2}}})", rule, severity,
                       more);
}

class AForeignAlert : public ::testing::Test {
protected:
    Watching<Alarm> watching_{AlarmLimits{.told_max = 4}};
};

TEST_F(AForeignAlert, IsOneFindingForARuleAndAHostADay) {
    for (int i = 0; i < 100; ++i)
        watching_.see(1min * i, "alert", "10.0.1.7", fmt::format("10.0.0.{}", i + 1), alert(7, 2));
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "foreign-alert");
    EXPECT_EQ(finding.severity, Severity::medium);
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.1.7", "10.0.0.1"}));
    EXPECT_EQ(finding.events, std::vector<std::string>{"flow:1:1"});
    watching_.see(2h, "alert", "10.0.1.7", "10.0.0.1", alert(8, 2));
    watching_.see(3h, "alert", "10.0.1.8", "10.0.0.1", alert(7, 2));
    watching_.see(25h, "alert", "10.0.1.7", "10.0.0.1", alert(7, 2));
    EXPECT_EQ(watching_.findings().size(), 4U);
}

TEST_F(AForeignAlert, IsAsBadAsItsRuleSaysAndNeverSure) {
    watching_.see(0s, "alert", "10.0.1.7", "10.0.0.1",
                  alert(1, 1, R"(,"confidence":["High"],"techniques":["T1110.003","T0000"])"));
    watching_.see(0s, "alert", "10.0.1.7", "10.0.0.1", alert(2, 3, R"(,"confidence":["Low"])"));
    ASSERT_EQ(watching_.findings().size(), 2U);
    EXPECT_EQ(watching_.findings()[0].severity, Severity::high);
    EXPECT_EQ(watching_.findings()[0].confidence, 40);
    EXPECT_EQ(watching_.findings()[0].techniques, std::vector<std::string_view>{"T1110"});
    EXPECT_EQ(watching_.findings()[1].severity, Severity::low);
    EXPECT_EQ(watching_.findings()[1].confidence, 15);
}

TEST_F(AForeignAlert, IsAboutWhomItsRuleMeans) {
    watching_.see(0s, "alert", "10.0.1.7", "10.0.0.1", alert(1, 2, R"(,"source":"10.0.0.1")"));
    EXPECT_EQ(watching_.findings().at(0).systems, (std::vector<std::string>{"10.0.0.1", "10.0.1.7"}));
}

TEST_F(AForeignAlert, IsRememberedWithinBounds) {
    for (int i = 0; i < 10; ++i) watching_.see(0s, "alert", "10.0.1.7", "10.0.0.1", alert(i, 2));
    EXPECT_EQ(watching_.forgotten(), 6U);
}

}   // namespace
}   // namespace ward::detect
