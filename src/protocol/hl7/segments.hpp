// SPDX-License-Identifier: Apache-2.0
// What the sensor reads of a message's segments. Values of patients stay where they are.
#pragma once

#include <string_view>

#include "event/hl7.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::hl7 {

/// The delimiters that a message declares in MSH-1 and MSH-2.
struct Delimiters {
    char field = '|';
    char component = '^';
    char repetition = '~';
};

/// A message while its segments arrive.
struct Draft {
    event::Hl7Message message;
    Delimiters delimiters;
    bool has_header = false;
    std::string acknowledged_id;   // MSA-2
    std::string acknowledgement_code;
    std::string error_code;
    event::Time began{};
};

/// MSH declares itself: `segment` begins with it.
void read_header(std::string_view segment, Draft& draft);

/// Any other segment. PID-3.1 becomes a pseudonym.
void read_segment(std::string_view segment, std::size_t devices_max, const Output& out, Draft& draft);

}   // namespace ward::protocol::hl7
