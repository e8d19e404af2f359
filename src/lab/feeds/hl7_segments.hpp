// SPDX-License-Identifier: Apache-2.0
// The segments that the lab's systems write: HL7 v2.5.1, chapters 2, 3, 4, 7, 9 and 10.
#pragma once

#include <string>

#include "lab/story.hpp"

namespace ward::lab {

std::string hl7_time(Moment moment);   // 20260302080512+0000
std::string hl7_day(std::chrono::year_month_day day);
/// Text in a field: with the delimiters escaped.
std::string hl7_text(std::string_view text);

/// CX, with its authority's universal name, as IHE asks for it (PIX, 3.8.4).
std::string record_number(const Story& story, std::string_view mrn);
std::string pid_segment(const Story& story, PatientId id);
std::string pv1_segment(const Story& story, EncounterId id, std::optional<BedId> from);
std::string dg1_segment(const Illness& illness);
/// XCN: who of the staff.
std::string person_field(const Story& story, StaffId id);
std::string value_text(double value, int decimals);
/// OBX of one quantity; normal, high and low as the quantity's range says.
std::string obx_segment(int number, const Quantity& quantity, double value, Moment at, char status = 'F');
/// A page of so many bytes, in base64: noise behind the head of a TIFF.
std::string scanned_page(std::size_t bytes, Random random);

}   // namespace ward::lab
