// SPDX-License-Identifier: Apache-2.0
// Reads the records of one transmission: CLSI LIS2-A2, chapters 6 to 12.
#pragma once

#include "event/astm.hpp"
#include "protocol/protocols.hpp"

namespace ward::protocol::astm {

/// LIS2-A2, 6.2: H and the four delimiters it declares.
Verdict looks_like_header(std::string_view text);
/// The same of a whole record.
bool is_header(std::string_view record);

class Records {
public:
    /// A whole record without its carriage return.
    void read(std::string_view record, event::AstmTransmission& told, Output& out);
    /// From header to terminator it is one message, with what identifies its patients.
    void end_message(Output& out) { out.exposed(std::exchange(patient_items_, 0)); }

private:
    void read_header(std::string_view record, event::AstmTransmission& told, Output& out);
    void read_identifying(std::string_view record, event::AstmTransmission& told, const Output& out);
    void read_instrument(std::string_view record, event::AstmTransmission& told) const;
    std::string_view field(std::string_view record, std::size_t number) const;

    // LIS2-A2, 5.4: as the header declares them.
    char field_ = '|';
    char repeat_ = '\\';
    char component_ = '^';
    std::uint32_t patient_items_ = 0;
};

}   // namespace ward::protocol::astm
