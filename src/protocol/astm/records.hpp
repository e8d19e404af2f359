// SPDX-License-Identifier: Apache-2.0
// Reads the records of one transmission: CLSI LIS2-A2, chapters 6 to 12.
#pragma once

#include "event/astm.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::astm {

class Records {
public:
    /// A whole record without its carriage return.
    void read(std::string_view record, event::AstmTransmission& told, Output& out);

private:
    void read_header(std::string_view record, event::AstmTransmission& told);
    void read_identifying(std::string_view record, event::AstmTransmission& told, Output& out) const;
    std::string_view field(std::string_view record, std::size_t number) const;

    // LIS2-A2, 5.4: as the header declares them.
    char field_ = '|';
    char repeat_ = '\\';
    char component_ = '^';
};

}   // namespace ward::protocol::astm
