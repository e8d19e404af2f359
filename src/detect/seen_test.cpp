// SPDX-License-Identifier: Apache-2.0
#include "detect/seen.hpp"

#include <gtest/gtest.h>

namespace ward::detect {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

Result<Seen> read(const json::Document& document) { return read_eve(document); }
json::Document document(std::string text) {
    return std::move(json::Document::parse(std::move(text)).value());
}

TEST(Timestamps, AreReadAsWardSuricataAndOthersWriteThem) {
    const Time at{sys_days{2026y / 1 / 31} + 9h + 5min};
    EXPECT_EQ(parse_timestamp("2026-01-31T09:05:00.123456+0000"), at + 123'456us);
    EXPECT_EQ(parse_timestamp("2026-01-31T10:05:00.5+01:00"), at + 500ms);
    EXPECT_EQ(parse_timestamp("2026-01-31T09:05:00Z"), at);
    EXPECT_EQ(parse_timestamp("2026-01-31T04:35:00-0430"), at);
    EXPECT_EQ(parse_timestamp("2026-01-31T09:05:00.123456789123+0000"), at + 123'456'789ns);
}

TEST(Timestamps, ThatAreNoneAreRefused) {
    for (const auto* text :
         {"", "2026-13-31T09:05:00Z", "2026-01-31", "2026-01-31T09:05:00", "2026-1-31T09:05:00Z",
          "2026-01-31T24:05:00Z", "2026-01-31T09:05:00+1", "-026-01-31T09:05:00Z"})
        EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(AnEvent, IsReadByTheNamesOfEve) {
    const auto text =
        document(R"({"timestamp":"2026-01-31T09:05:00.000000+0000","event_type":"krb5","flow_id":7,)"
                 R"("src_ip":"10.0.0.1",)"
                 R"("src_port":5000,"dest_ip":"fd00::2","dest_port":88,"proto":"TCP","app_proto":"krb5",)"
                 R"("krb5":{"sname":"x","weak_encryption":true,"error_number":25}})");
    const auto seen = read(text).value();
    EXPECT_TRUE(seen.is("krb5"));
    EXPECT_EQ(to_text(seen.client), "10.0.0.1");
    EXPECT_EQ(to_text(seen.server), "fd00::2");
    EXPECT_EQ(seen.server_port, 88);
    EXPECT_EQ(seen.text("sname"), "x");
    EXPECT_EQ(count_of(seen.own["error_number"]), 25U);
    EXPECT_EQ(seen.flow_id, 7U);
    EXPECT_TRUE(seen.has_ends());
    EXPECT_EQ(seen.text("missing"), "");
}

TEST(AnEvent, HasCountsOnlyWhereTheyAreCounts) {
    const auto text =
        document(R"({"timestamp":"2026-01-31T09:05:00Z","event_type":"x","flow_id":-1,"dest_port":70000,)"
                 R"("x":{"huge":1e300,"text":"5"}})");
    const auto seen = read(text).value();
    EXPECT_EQ(seen.flow_id, 0U);
    EXPECT_EQ(seen.server_port, 0);
    EXPECT_FALSE(seen.has_ends());
    for (const auto* name : {"huge", "text", "missing"}) EXPECT_EQ(count_of(seen.own[name]), 0U) << name;
}

TEST(AnEvent, OfWhichThereIsNoTimeOrTypeIsRefused) {
    EXPECT_FALSE(read(document(R"({"event_type":"flow"})")));
    EXPECT_FALSE(read(document(R"({"timestamp":"2026-01-31T09:05:00Z"})")));
    EXPECT_FALSE(read(document(R"({"timestamp":"2026-01-31T09:05:00Z","event_type":"x","src_ip":"here"})")));
    EXPECT_FALSE(read(document("[]")));
}

TEST(AnEvent, SaysHowLateItWasWhereItHappened) {
    const auto document =
        json::Document::parse(R"({"timestamp":"2026-03-02T01:30:00.000000-0500","event_type":"flow"})");
    const auto seen = read_eve(*document);
    ASSERT_TRUE(seen.has_value());
    EXPECT_EQ(seen->local_time(), std::chrono::minutes{90});
    EXPECT_EQ(seen->at,
              Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}} + std::chrono::minutes{390});
}

}   // namespace
}   // namespace ward::detect
