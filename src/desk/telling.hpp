// SPDX-License-Identifier: Apache-2.0
// Cases for people, and as JSON for programs: docs/formats/cases.md.
#pragma once

#include "desk/standing.hpp"

namespace ward::desk {

/// A line for each, under a line of headings.
std::string table_of(const std::vector<Standing>& standings, Time now);
/// One JSON object, without a line end.
std::string to_json(const Standing& standing);

/// Of each finding of a case, by its number, what it says: JSON objects.
using Words = std::map<std::int64_t, std::string>;

/// The findings in order of time, from first foothold to effect, and what people did.
std::string story_of(const Book& book, const Standing& standing, const Words& words);
std::string story_json(const Book& book, const Standing& standing, const Words& words);

/// 2026-03-02T10:20:00.000Z
std::string instant(Time time);

std::string line_of(const Verdict& verdict);
std::string line_of(const Declaration& declaration);
std::string to_json(const Verdict& verdict, const std::vector<std::int64_t>& changed);
std::string to_json(const Declaration& declaration);

}   // namespace ward::desk
