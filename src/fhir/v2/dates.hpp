// SPDX-License-Identifier: Apache-2.0
// HL7 v2 dates and times (HL7 2.9, 2.A.22) as FHIR's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time_zone.hpp"

namespace ward::fhir::v2 {

/// `YYYY[MM[DD[HH[MM[SS[.S…]]]]]][±ZZZZ]` as a FHIR date, its time left out.
std::optional<std::string> to_date(std::string_view text);
/// As a dateTime. FHIR wants minutes, seconds and a zone where there is an hour: what is missing is zero, and
/// `zone`.
std::optional<std::string> to_date_time(std::string_view text, const TimeZone& zone);
/// As an instant, which a date without a time cannot be.
std::optional<std::string> to_instant(std::string_view text, const TimeZone& zone);
/// `HH[MM[SS[.S…]]]` as a FHIR time.
std::optional<std::string> to_time(std::string_view text);
/// The zone that such a time names.
std::optional<TimeZone> zone_of(std::string_view text);

}   // namespace ward::fhir::v2
