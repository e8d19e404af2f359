// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <map>
#include <set>

#include "json/document.hpp"
#include "lab/day_test.hpp"
#include "lab/feeds/audit.hpp"
#include "lab/feeds/hl7_feed.hpp"
#include "lab/feeds/hl7_segments.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::vector<Hl7Message> messages_of_a_day() {
    std::vector<Hl7Message> messages;
    std::unique_ptr<Hl7Feed> feed;
    live_a_day([&](const Act& act, const Story& story) {
        if (!feed)
            feed =
                std::make_unique<Hl7Feed>(story, [&](Hl7Message one) { messages.push_back(std::move(one)); });
        feed->see(act, story);
    });
    return messages;
}

TEST(Hl7Feed, TellsEachKindOfMessageInTheOrderOfTime) {
    const auto messages = messages_of_a_day();
    std::map<std::string_view, int> types;
    for (const auto& message : messages) {
        ++types[message.type];
        EXPECT_THAT(message.text, StartsWith("MSH|^~\\&|"));
        EXPECT_THAT(message.text, HasSubstr("\rPID|1||"));
        EXPECT_EQ(message.text.back(), '\r');
    }
    for (const auto* type : {"ADT^A01", "ADT^A03", "ADT^A04", "ADT^A31", "ORU^R01", "OML^O21", "OMG^O19",
                             "RDE^O11", "MDM^T02", "SIU^S12"})
        EXPECT_GT(types[type], 0) << type;
    EXPECT_TRUE(std::ranges::is_sorted(messages, {}, &Hl7Message::at));
}

TEST(Hl7Text, EscapesItsDelimiters) {
    EXPECT_EQ(hl7_text("a|b^c~d&e\\f"), "a\\F\\b\\S\\c\\R\\d\\T\\e\\E\\f");
    EXPECT_EQ(hl7_time(Moment{sys_days{2026y / 3 / 2}} + 8h + 5min + 9s), "20260302080509+0000");
}

TEST(Audit, TellsTheSameInThreeForms) {
    int entries = 0;
    live_a_day([&](const Act& act, const Story& story) {
        if (!is_audited(act)) return;
        ++entries;
        const auto event = json::Document::parse(audit_event_json(act, story));
        ASSERT_TRUE(event);
        const auto recorded = std::string{(*event)["recorded"].text()};
        EXPECT_THAT(atna_xml(act, story), HasSubstr("EventDateTime=\"" + recorded + "\""));
        EXPECT_THAT(access_csv_row(act, story),
                    StartsWith(std::to_string(act.number) + "," + recorded + ","));
    });
    EXPECT_GT(entries, 3'000);
}

TEST(Audit, IsFramedAsItShouldBeOrAsSendersDoIt) {
    bool is_first = true;
    live_a_day([&](const Act& act, const Story& story) {
        if (!is_audited(act) || !std::exchange(is_first, false)) return;
        const auto message = atna_syslog(act, story);
        EXPECT_THAT(message, StartsWith("<85>1 2026-03-02T"));
        EXPECT_EQ(atna_frame(act, story, AtnaFault::none), std::to_string(message.size()) + " " + message);
        EXPECT_EQ(atna_frame(act, story, AtnaFault::no_framing), message + "\n");
        EXPECT_THAT(atna_frame(act, story, AtnaFault::wrong_priority), HasSubstr(" <13>1 "));
        EXPECT_THAT(atna_frame(act, story, AtnaFault::wrong_message_id), HasSubstr(" AUDIT - "));
    });
}

}   // namespace
}   // namespace ward::lab
