// SPDX-License-Identifier: Apache-2.0
#include "watch/watch.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ward::watch {
namespace {

std::string ticket(std::string_view time, int service) {
    return fmt::format(
        R"({{"timestamp":"{}","event_type":"krb5","src_ip":"10.0.1.7","dest_ip":"10.0.0.1",)"
        R"("krb5":{{"msg_type":"KRB_TGS_REP","sname":"s{}","ticket_encryption":"rc4-hmac"}}}})",
        time, service);
}

TEST(Watching, TellsOfFilesThatComeInTheWrongOrder) {
    Watch watch{1};
    for (int i = 0; i < 20; ++i) watch.take(ticket(fmt::format("2026-03-02T12:00:{:02}Z", i), i));
    for (int i = 0; i < 20; ++i) watch.take(ticket(fmt::format("2026-03-02T08:00:{:02}Z", i), i));
    EXPECT_EQ(watch.counts().events, 40U);
    EXPECT_EQ(watch.counts().late, 20U);
    EXPECT_EQ(watch.counts().findings, 1U);
}

TEST(Watching, TakesWhatIsToldWhenItIsOver) {
    Watch watch{1};
    watch.take(ticket("2026-03-02T12:00:00Z", 1));
    watch.take(ticket("2026-03-02T11:01:00Z", 2));
    EXPECT_EQ(watch.counts().late, 0U);
}

TEST(Watching, GivesWhatIsNewOnceAndAsItWouldAtTheEnd) {
    Watch all{1}, running{1};
    std::string told;
    for (const auto* day : {"2026-03-02", "2026-03-12"})
        for (int i = 0; i < 20; ++i) {
            const auto line = ticket(fmt::format("{}T12:00:{:02}Z", day, i), i);
            all.take(line);
            running.take(line);
            for (const auto& finding : running.take_news())
                append_line(told, finding,
                            {.in_case = 1, .risk = detect::risk_of(finding), .at = finding.at});
        }
    EXPECT_EQ(told, all.findings_json(Telling::all));
    EXPECT_EQ(std::ranges::count(told, '\n'), 2);
    EXPECT_EQ(running.findings_json(Telling::all), "");
}

TEST(Watching, TellsOfFlowsOutsideThePlanIfThereIsOne) {
    const auto plan =
        segment::read_plan("version = 1\n[[zone]]\nname = 'here'\nnetworks = '10.0.0.0/8'\n", "p");
    Watch with{1, segment::Borders{plan.value()}}, without{1};
    for (auto* watch : {&with, &without})
        watch->take(
            R"({"timestamp":"2026-03-02T12:00:00Z","event_type":"flow","src_ip":"10.0.1.7","src_port":4000,)"
            R"("dest_ip":"10.0.0.1","dest_port":443,"proto":"TCP","flow":{"pkts_toclient":9}})");
    ASSERT_EQ(with.findings().size(), 1U);
    EXPECT_EQ(with.findings()[0].kind, "outside-plan");
    EXPECT_EQ(with.findings_json(Telling::shown), "");
    EXPECT_TRUE(without.findings().empty());
}

TEST(Watching, CountsWhatIsNoEvent) {
    Watch watch{1};
    for (const auto* line :
         {"", "{}", "[", "nothing", R"({"timestamp":"2262-01-01T00:00:00Z","event_type":"x"})"})
        watch.take(line);
    watch.pass_over_line();
    EXPECT_EQ(watch.counts().events, 0U);
    EXPECT_EQ(watch.counts().refused, 5U);
    EXPECT_EQ(watch.findings_json(Telling::all), "");
}

}   // namespace
}   // namespace ward::watch
