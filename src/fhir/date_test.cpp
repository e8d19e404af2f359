// SPDX-License-Identifier: Apache-2.0
#include "fhir/date.hpp"

#include <gtest/gtest.h>

namespace ward::fhir {
namespace {

constexpr std::int64_t day = 86'400'000;
constexpr std::int64_t new_year_2026 = 1'767'225'600'000;   // 2026-01-01T00:00:00Z
const Time now{std::chrono::milliseconds{new_year_2026}};

DateInterval date(std::string_view text) {
    const auto interval = parse_search_date(text);
    EXPECT_TRUE(interval) << text;
    return interval.value_or(DateInterval{});
}

TEST(Date, IsAsLongAsItIsVague) {
    EXPECT_EQ(parse_date("2026"), (DateInterval{new_year_2026, new_year_2026 + 365 * day - 1}));
    EXPECT_EQ(parse_date("2026-02"), (DateInterval{new_year_2026 + 31 * day, new_year_2026 + 59 * day - 1}));
    EXPECT_EQ(parse_date("2026-12"),
              (DateInterval{new_year_2026 + 334 * day, new_year_2026 + 365 * day - 1}));
    EXPECT_EQ(parse_date("2026-01-01"), (DateInterval{new_year_2026, new_year_2026 + day - 1}));
    EXPECT_EQ(parse_date("2026-01-01T00:00:01Z"), (DateInterval{new_year_2026 + 1000, new_year_2026 + 1999}));
    EXPECT_EQ(parse_date("2026-01-01T00:00:00.5Z"), (DateInterval{new_year_2026 + 500, new_year_2026 + 500}));
    EXPECT_EQ(parse_date("2026-01-01T00:00:00.123456789Z"),
              (DateInterval{new_year_2026 + 123, new_year_2026 + 123}));
}

TEST(Date, CountsItsTimeZone) {
    EXPECT_EQ(parse_date("2026-01-01T05:30:00+05:30"), parse_date("2026-01-01T00:00:00Z"));
    EXPECT_EQ(parse_date("2025-12-31T19:00:00-05:00"), parse_date("2026-01-01T00:00:00Z"));
    EXPECT_EQ(parse_date("2026-01-01T00:00:00-00:00"), parse_date("2026-01-01T00:00:00Z"));
    EXPECT_EQ(parse_date("2026-01-01T14:00:00+14:00"), parse_date("2026-01-01T00:00:00Z"));
}

TEST(Date, KnowsTheCalendar) {
    EXPECT_TRUE(parse_date("2024-02-29"));
    EXPECT_FALSE(parse_date("2026-02-29"));
    EXPECT_FALSE(parse_date("2026-04-31"));
    EXPECT_TRUE(parse_date("2000-02-29"));
    EXPECT_FALSE(parse_date("1900-02-29"));
    EXPECT_EQ(parse_date("1969-12-31"), (DateInterval{-day, -1}));
    EXPECT_TRUE(parse_date("0001-01-01"));
    EXPECT_TRUE(parse_date("9999-12-31"));
}

TEST(Date, RefusesEveryOtherForm) {
    for (const auto* text : {"",
                             "26",
                             "2026-",
                             "2026-1",
                             "2026-13",
                             "2026-00",
                             "2026-01-",
                             "2026-01-1",
                             "2026-01-00",
                             "2026-01-32",
                             "2026-01-01T",
                             "2026-01-01T10",
                             "2026-01-01T10:00Z",
                             "2026-01-01T10:00:00",
                             "2026-01-01T24:00:00Z",
                             "2026-01-01T10:60:00Z",
                             "2026-01-01T10:00:61Z",
                             "2026-01-01T10:00:00.Z",
                             "2026-01-01 10:00:00Z",
                             "2026-01-01T10:00:00+5:00",
                             "2026-01-01T10:00:00+14:01",
                             "2026-01-01T10:00:00+15:00",
                             "2026/01/01",
                             "0000",
                             "20260101",
                             " 2026",
                             "2026 ",
                             "2026-01-01T10:00:00Zx",
                             "today",
                             "-2026",
                             "+2026"})
        EXPECT_FALSE(parse_date(text)) << text;
}

// R4, search.html#date: "Hours and minutes SHALL be present if a time is present, ... seconds may be
// omitted".
TEST(SearchDate, MayLeaveOutSecondsAndZone) {
    EXPECT_EQ(parse_search_date("2026-01-01T00:01"),
              (DateInterval{new_year_2026 + 60'000, new_year_2026 + 119'999}));
    EXPECT_EQ(parse_search_date("2026-01-01T01:01+01:00"), parse_search_date("2026-01-01T00:01"));
    EXPECT_EQ(parse_search_date("2026-01-01T00:00:01"), parse_search_date("2026-01-01T00:00:01Z"));
    EXPECT_FALSE(parse_search_date("2026-01-01T00"));
}

// The examples of R4, search.html#date.
TEST(Compare, FollowsTheExamplesOfTheSpecification) {
    const auto holds = [](Prefix prefix, std::string_view searched, DateInterval value) {
        return compare(prefix, value, date(searched), now);
    };
    // "date=2013-01-14: 2013-01-14T00:00 matches, 2013-01-14T10:00 matches, 2013-01-15T00:00 does not"
    EXPECT_TRUE(holds(Prefix::eq, "2013-01-14", date("2013-01-14T00:00")));
    EXPECT_TRUE(holds(Prefix::eq, "2013-01-14", date("2013-01-14T10:00")));
    EXPECT_FALSE(holds(Prefix::eq, "2013-01-14", date("2013-01-15T00:00")));
    // "date=ne2013-01-14: 2013-01-15T00:00 matches, 2013-01-14T00:00 and T10:00 do not"
    EXPECT_TRUE(holds(Prefix::ne, "2013-01-14", date("2013-01-15T00:00")));
    EXPECT_FALSE(holds(Prefix::ne, "2013-01-14", date("2013-01-14T10:00")));
    // "date=lt2013-01-14T10:00: 2013-01-14 matches, because it includes the part of the day before 10am"
    EXPECT_TRUE(holds(Prefix::lt, "2013-01-14T10:00", date("2013-01-14")));
    // "date=gt2013-01-14T10:00: 2013-01-14 matches, because it includes the part of the day after 10am"
    EXPECT_TRUE(holds(Prefix::gt, "2013-01-14T10:00", date("2013-01-14")));
    // "date=ge2013-03-14: from 21-Jan 2013 onwards is included, because that period may include times after"
    const DateInterval from_january{date("2013-01-21").lower, DateInterval::open_upper};
    EXPECT_TRUE(holds(Prefix::ge, "2013-03-14", from_january));
    EXPECT_TRUE(holds(Prefix::le, "2013-03-14", from_january));
    // "date=sa2013-03-14: from 15-Mar 2013 onwards is included, from 21-Jan 2013 onwards is not"
    const DateInterval from_march{date("2013-03-15").lower, DateInterval::open_upper};
    EXPECT_TRUE(holds(Prefix::sa, "2013-03-14", from_march));
    EXPECT_FALSE(holds(Prefix::sa, "2013-03-14", from_january));
    // "date=eb2013-03-14: from 21-Jan 2013 onwards is not included, because it starts before but may run
    // after"
    EXPECT_FALSE(holds(Prefix::eb, "2013-03-14", from_january));
}

TEST(Compare, EqualMeansThatTheSearchedRangeContainsTheValue) {
    EXPECT_TRUE(compare(Prefix::eq, date("2026-05-03"), date("2026"), now));
    EXPECT_FALSE(compare(Prefix::eq, date("2026"), date("2026-05-03"), now));
    EXPECT_TRUE(compare(Prefix::ne, date("2026"), date("2026-05-03"), now));
}

TEST(Compare, StrictPrefixesNeedAPartOutside) {
    EXPECT_FALSE(compare(Prefix::gt, date("2026-05-03"), date("2026-05"), now));
    EXPECT_FALSE(compare(Prefix::lt, date("2026-05-03"), date("2026-05"), now));
    EXPECT_TRUE(compare(Prefix::ge, date("2026-05-03"), date("2026-05"), now));
    EXPECT_TRUE(compare(Prefix::le, date("2026-05-03"), date("2026-05"), now));
    EXPECT_TRUE(compare(Prefix::gt, date("2026-06-01"), date("2026-05"), now));
    EXPECT_FALSE(compare(Prefix::le, date("2026-06-01"), date("2026-05"), now));
    EXPECT_TRUE(compare(Prefix::eb, date("2026-04-30"), date("2026-05"), now));
    EXPECT_FALSE(compare(Prefix::eb, date("2026-05-01"), date("2026-05"), now));
}

TEST(Compare, ApproximatelyAllowsATenthOfTheDistance) {
    const auto searched = date("2016-01-01");   // ten years before now: a year of tolerance
    EXPECT_TRUE(compare(Prefix::ap, date("2016-12-01"), searched, now));
    EXPECT_FALSE(compare(Prefix::ap, date("2017-06-01"), searched, now));
    EXPECT_TRUE(compare(Prefix::ap, date("2015-02-01"), searched, now));
}

}   // namespace
}   // namespace ward::fhir
