// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/dates.hpp"

#include <gtest/gtest.h>

namespace ward::fhir::v2 {
namespace {

TimeZone zone(std::string_view text) { return TimeZone::parse(text).value(); }

TEST(V2Dates, KeepTheirPrecision) {
    EXPECT_EQ(to_date_time("2026", TimeZone{}), "2026");
    EXPECT_EQ(to_date_time("202601", TimeZone{}), "2026-01");
    EXPECT_EQ(to_date_time("20260131", TimeZone{}), "2026-01-31");
    EXPECT_EQ(to_date_time("20260131093015.1234-0500", TimeZone{}), "2026-01-31T09:30:15.1234-05:00");
}

TEST(V2Dates, GetWhatFhirWantsOfATime) {
    EXPECT_EQ(to_date_time("2026013109", zone("+01:00")), "2026-01-31T09:00:00+01:00");
    EXPECT_EQ(to_date_time("202601310930", TimeZone{}), "2026-01-31T09:30:00Z");
    EXPECT_EQ(to_instant("20260131", TimeZone{}), std::nullopt);
    EXPECT_EQ(to_date("202601310930"), "2026-01-31");
    EXPECT_EQ(to_time("0930"), "09:30:00");
    EXPECT_EQ(to_time("093015.5"), "09:30:15.5");
}

TEST(V2Dates, AreRefusedWhenThereIsNoSuchDay) {
    for (const auto* const text :
         {"20260230", "20261301", "00000000", "2026013", "31.01.2026", "", "2026-01-31", "20260131250000",
          "20260131093015.", "20260131+1", "20260131093015+01"})
        EXPECT_EQ(to_date_time(text, TimeZone{}), std::nullopt) << text;
    EXPECT_EQ(to_time("2500"), std::nullopt);
    EXPECT_EQ(to_time(""), std::nullopt);
}

TEST(V2Dates, SayTheirZone) {
    EXPECT_EQ(zone_of("20260131093015-0500").value().offset_at({}), "-05:00");
    EXPECT_FALSE(zone_of("20260131093015"));
}

TEST(V2Dates, HaveTheOffsetThatHeldThenAtTheirPlace) {
    const auto berlin = zone("Europe/Berlin");
    EXPECT_EQ(to_date_time("202601310930", berlin), "2026-01-31T09:30:00+01:00");
    EXPECT_EQ(to_date_time("202607310930", berlin), "2026-07-31T09:30:00+02:00");
    EXPECT_EQ(to_date_time("20260731", berlin), "2026-07-31");
    EXPECT_EQ(to_date_time("202602300930", berlin), std::nullopt);
}

}   // namespace
}   // namespace ward::fhir::v2
