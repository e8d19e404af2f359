// SPDX-License-Identifier: Apache-2.0
#include "detect/silence/silence.hpp"

#include <map>
#include <random>

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;
using std::chrono::seconds;

class Feeds : public ::testing::Test {
protected:
    void message(seconds at, std::string_view type, std::string_view host, std::string_view name) {
        watching_.see(
            at, "hl7", host, "10.0.0.15",
            fmt::format(R"({{"type":"{}","sending_application":"{}","receiving_application":"WARD",)"
                        R"("from":"client","acknowledgement":{{"code":"AA"}}}})",
                        type, name));
    }
    /// Something is always going on.
    void pass(seconds from, seconds until) {
        for (auto at = from; at < until; at += 15s) watching_.see(at, "ntp", "10.0.0.2", "10.0.0.3", "{}");
    }
    void repeat(seconds from, seconds until, seconds each, std::string_view host, std::string_view name) {
        for (auto at = from; at < until; at += each) {
            message(at, "ORU^R01", host, name);
            pass(at + 1s, at + each);
        }
    }
    void report(seconds at, std::string_view outcome = "complete") {
        watching_.see(at, "astm", "10.0.4.1", "10.0.0.17",
                      fmt::format(R"({{"from":"client","outcome":"{}","receiver":"LIS"}})", outcome));
    }
    /// Orders at odd times until then, with results after fifty to ninety minutes until they stop.
    void laboratory(minutes ordered_until, minutes results_until, minutes until) {
        std::map<seconds, bool> all;   // at it, an order or else a result
        std::minstd_rand random{7};
        for (seconds at = 1min; at < ordered_until; at += seconds{60 + random() % 1'200}) {
            all[at] = true;
            const auto done = at + 50min + seconds{random() % 2'400};
            if (done < results_until) all[done] = false;
        }
        report(0s);
        seconds last = 1s;
        for (const auto& [at, is_order] : all) {
            if (at >= until) break;
            pass(last, at);
            message(at, is_order ? "OML^O21" : "ORU^R01", is_order ? "10.0.0.13" : "10.0.0.17",
                    is_order ? "EHR" : "LIS");
            last = at;
        }
        pass(last, until);
    }
    minutes told_after(seconds since) const {
        return std::chrono::floor<minutes>(watching_.findings().back().at - watching_.begin - since);
    }
    Watching<Silence> watching_{SilenceLimits{.feeds_max = 4}};
};

TEST_F(Feeds, ThatNeverPauseAreToldInLessThanFiveMinutes) {
    repeat(0h, 25h, 60s, "10.0.0.55", "MONITORS");
    EXPECT_TRUE(watching_.findings().empty());
    pass(25h, 25h + 10min);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "feed-silent");
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.0.55", "MONITORS"}));
    EXPECT_LT(told_after(25h - 60s), 5min);
}

TEST_F(Feeds, AreNotToldAgainWhileTheyAreSilent) {
    repeat(0h, 25h, 60s, "10.0.0.55", "MONITORS");
    pass(25h, 30h);
    repeat(30h, 31h, 60s, "10.0.0.55", "MONITORS");
    pass(31h, 31h + 9min);
    EXPECT_EQ(watching_.findings().size(), 1U) << "and one that was silent for hours may be so again";
}

TEST_F(Feeds, OfOneDayAreNotKnownToNeverPause) {
    repeat(0h, 20h, 60s, "10.0.0.55", "MONITORS");
    pass(20h, 21h);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Feeds, ThatPauseNowAndThenAreNotTold) {
    repeat(0h, 12h, 60s, "10.0.0.55", "PUMPS");
    pass(12h, 13h);
    repeat(13h, 26h, 60s, "10.0.0.55", "PUMPS");
    pass(26h, 27h);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Feeds, AreNotSilentWhileNothingAtAllIsCaptured) {
    repeat(0h, 25h, 60s, "10.0.0.55", "MONITORS");
    repeat(27h, 28h, 60s, "10.0.0.55", "MONITORS");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Feeds, OfALaboratoryAreSilentWhenOrdersBringNoResults) {
    laboratory(27h, 25h, 27h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems, (std::vector<std::string>{"10.0.0.17", "LIS"}));
    EXPECT_GE(watching_.findings().front().events.size(), 4U) << "those orders";
    EXPECT_LT(told_after(25h), 100min);
}

TEST_F(Feeds, OfALaboratoryMayPauseWhenNothingIsOrdered) {
    laboratory(24h, 40h, 40h);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Feeds, AreToldWhenTheirServerTakesNothingForLongerThanAServiceLasts) {
    report(0s);
    const auto refuse = [&](seconds at) {
        watching_.see_beside(at, "flow", "10.0.4.1", "10.0.0.17", "{}", R"("tcp":{"state":"reset"})");
    };
    for (auto at = 10min; at < 40min; at += 5min) refuse(at);
    report(41min);
    for (auto at = 50min; at < 85min; at += 5min) refuse(at);
    EXPECT_TRUE(watching_.findings().empty());
    refuse(95min);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems,
              (std::vector<std::string>{"10.0.0.17", "LIS", "10.0.4.1"}));
}

TEST_F(Feeds, AreToldWhenWhatAlwaysAcknowledgedDoesNotAnyMore) {
    message(0s, "ADT^A01", "10.0.0.13", "EHR");
    for (auto at = 5min; at < 60min; at += 5min)
        watching_.see(at, "hl7", "10.0.0.13", "10.0.0.15", R"({"type":"ADT^A01","from":"client"})");
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems.at(1), "WARD");
}

TEST_F(Feeds, ThatAreMadeUpDoNotMakeOthersForgotten) {
    repeat(0h, 25h, 60s, "10.0.0.55", "MONITORS");
    for (int i = 0; i < 100; ++i) message(25h, "ORU^R01", "10.0.9.9", fmt::format("X{}", i));
    EXPECT_EQ(watching_.forgotten(), 97U);
    pass(25h, 25h + 10min);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

}   // namespace
}   // namespace ward::detect
