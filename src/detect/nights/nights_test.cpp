// SPDX-License-Identifier: Apache-2.0
#include "detect/nights/nights.hpp"

#include "core/clock.hpp"
#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class WorkFromAfar : public ::testing::Test {
protected:
    void work(std::chrono::minutes from, std::chrono::minutes for_so_long = 50min,
              std::string_view place = "203.0.113.9", std::string_view gateway = "10.0.9.1") {
        watching_.see(
            from + for_so_long, "flow", place, gateway,
            fmt::format(
                R"({{"start":"{}"}})",
                to_instant(std::chrono::floor<std::chrono::seconds>(Watching<Nights>::begin) + from)));
    }
    Watching<Nights> watching_{NightLimits{.pairs_max = 30}};
};

TEST_F(WorkFromAfar, DeepInTheNightFromANewPlaceIsTold) {
    work(19h);
    work(22h);
    EXPECT_TRUE(watching_.findings().empty());
    work(24h + 40min);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "stolen-device");
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"203.0.113.9", "10.0.9.1"}));
    EXPECT_EQ(finding.facts.front().now, "00:40");
    work(24h + 3h);
    EXPECT_EQ(watching_.findings().size(), 1U) << "once is enough";
}

TEST_F(WorkFromAfar, InTheEveningIsWhatPeopleDo) {
    for (int day = 0; day < 5; ++day)
        for (int hour = 18; hour < 23; ++hour) work(24h * day + 1h * hour);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(WorkFromAfar, IsKnownWhereOneWorkedOnOtherDays) {
    work(19h);
    for (int hour = 20; hour < 26; hour += 2) work(24h * 2 + 1h * hour);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(WorkFromAfar, IsNoPageThatIsLookedAt) {
    for (int i = 0; i < 20; ++i) work(20h + 20min * i, 5min);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(WorkFromAfar, IsRememberedWithinBounds) {
    for (int i = 0; i < 100; ++i) work(1min * i, 50min, fmt::format("203.0.113.{}", i));
    EXPECT_EQ(watching_.forgotten(), 70U);
}

}   // namespace
}   // namespace ward::detect
