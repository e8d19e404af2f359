// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/dates.hpp"

#include <gtest/gtest.h>

namespace ward::fhir::v2 {
namespace {

TEST(V2Dates, KeepTheirPrecision) {
    EXPECT_EQ(to_date_time("2026", "Z"), "2026");
    EXPECT_EQ(to_date_time("202601", "Z"), "2026-01");
    EXPECT_EQ(to_date_time("20260131", "Z"), "2026-01-31");
    EXPECT_EQ(to_date_time("20260131093015.1234-0500", "Z"), "2026-01-31T09:30:15.1234-05:00");
}

TEST(V2Dates, GetWhatFhirWantsOfATime) {
    EXPECT_EQ(to_date_time("2026013109", "+01:00"), "2026-01-31T09:00:00+01:00");
    EXPECT_EQ(to_date_time("202601310930", "Z"), "2026-01-31T09:30:00Z");
    EXPECT_EQ(to_instant("20260131", "Z"), std::nullopt);
    EXPECT_EQ(to_date("202601310930"), "2026-01-31");
    EXPECT_EQ(to_time("0930"), "09:30:00");
    EXPECT_EQ(to_time("093015.5"), "09:30:15.5");
}

TEST(V2Dates, AreRefusedWhenThereIsNoSuchDay) {
    for (const auto* const text :
         {"20260230", "20261301", "00000000", "2026013", "31.01.2026", "", "2026-01-31", "20260131250000",
          "20260131093015.", "20260131+1", "20260131093015+01"})
        EXPECT_EQ(to_date_time(text, "Z"), std::nullopt) << text;
    EXPECT_EQ(to_time("2500"), std::nullopt);
    EXPECT_EQ(to_time(""), std::nullopt);
}

TEST(V2Dates, SayTheirZone) {
    EXPECT_EQ(zone_of("20260131093015-0500"), "-05:00");
    EXPECT_EQ(zone_of("20260131093015"), std::nullopt);
}

}   // namespace
}   // namespace ward::fhir::v2
