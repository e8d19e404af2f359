// SPDX-License-Identifier: Apache-2.0
#include "core/time_zone.hpp"

#include <gtest/gtest.h>

namespace ward {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

std::string at(const char* zone, year_month_day day, seconds clock) {
    return TimeZone::parse(zone).value().offset_at(local_days{day} + clock);
}

TEST(TimeZone, IsUtcUnlessItIsSaid) {
    EXPECT_EQ(TimeZone{}.offset_at(local_days{2026y / 7 / 1}), "Z");
    EXPECT_EQ(at("-05:00", 2026y / 7 / 1, 0h), "-05:00");
}

// Of the IANA's database: the European Union changes at 01:00 UTC on the last Sundays of March and October,
// the United States at 02:00 on the second Sunday of March and the first of November.
TEST(TimeZone, OfAPlaceChangesWithItsClocks) {
    EXPECT_EQ(at("Europe/Berlin", 2026y / 1 / 31, 8h), "+01:00");
    EXPECT_EQ(at("Europe/Berlin", 2026y / 7 / 31, 8h), "+02:00");
    EXPECT_EQ(at("America/New_York", 2026y / 3 / 8, 1h + 59min), "-05:00");
    EXPECT_EQ(at("America/New_York", 2026y / 3 / 8, 3h), "-04:00");
    EXPECT_EQ(at("Asia/Kolkata", 2026y / 7 / 31, 8h), "+05:30");
    EXPECT_EQ(at("Europe/Berlin", 2126y / 7 / 31, 8h), "+02:00") << "as far as one can know";
}

TEST(TimeZone, OfAnHourThatComesTwiceTheFirstIsMeant) {
    EXPECT_EQ(at("Europe/Berlin", 2026y / 10 / 25, 2h + 30min), "+02:00");
    EXPECT_EQ(at("Europe/Berlin", 2026y / 10 / 25, 3h), "+01:00");
    EXPECT_EQ(at("Europe/Berlin", 2026y / 3 / 29, 2h + 30min), "+01:00") << "no clock showed that";
}

TEST(TimeZone, IsNothingElse) {
    for (const auto* text : {"", "3", "+0100", "+1:00", "Berlin", "Europe/Berlim", "/etc/localtime", "../UTC",
                             "Europe/../../etc/passwd"})
        EXPECT_FALSE(TimeZone::parse(text)) << text;
}

}   // namespace
}   // namespace ward
