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
    char subcomponent = '&';
};

/// A message while its segments arrive.
struct Draft {
    event::Hl7Message message;
    Delimiters delimiters;
    std::string control_id;   // MSH-10, told or not
    bool has_header = false;
    bool hides_fields = false;   // the header is malformed: those of a patient's segment may stand in it
    bool answers = false;        // has an MSA
    std::string_view block;      // ACK or NAK, where the frame holds nothing else
    event::Hl7Acknowledgement answer;   // of MSA and ERR
    std::uint64_t capped = 0;           // bytes of it that were not looked at
    event::Time last{};                 // when its last segment came

    /// How many fields of it identify patients. What hides others counts as one.
    std::uint32_t identifying_fields() const {
        const auto found = static_cast<std::uint32_t>(message.patient_fields.size());
        return found == 0 && hides_fields ? 1 : found;
    }
};

/// MSH declares itself: `segment` begins with it.
void read_header(std::string_view segment, Draft& draft);

/// Any other segment. The patient's identifier becomes a pseudonym.
void read_segment(std::string_view segment, std::size_t devices_max, const Output& out, Draft& draft);

}   // namespace ward::protocol::hl7
