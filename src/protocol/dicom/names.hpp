// SPDX-License-Identifier: Apache-2.0
// DICOM's words for its numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ward::protocol::dicom {

/// An element's tag: group in the upper half.
struct Tag {
    std::uint32_t value;
    std::string_view keyword;   // PS3.6, chapter 6
    bool identifies_patient;    // PS3.15, table E.1-1, without what names staff only
};

/// Nothing for a tag that is not in the table.
const Tag* find_tag(std::uint32_t tag);
/// The keyword, or (gggg,eeee).
std::string tag_name(std::uint32_t tag);

/// PS3.6, annex A. Empty for what is not in the table.
std::string_view sop_class_name(std::string_view uid);

std::string command_name(std::uint16_t command);
/// PS3.7, annex C, and PS3.4 for the service classes.
std::string_view status_meaning(std::uint16_t status);

std::string_view rejection_result(std::uint8_t result);
std::string_view rejection_source(std::uint8_t source);
std::string_view rejection_reason(std::uint8_t source, std::uint8_t reason);
std::string_view abort_source(std::uint8_t source);
std::string_view abort_reason(std::uint8_t source, std::uint8_t reason);
std::string_view presentation_result(std::uint8_t result);
std::string_view identity_kind(std::uint8_t type);

}   // namespace ward::protocol::dicom
