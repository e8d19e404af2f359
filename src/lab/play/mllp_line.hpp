// SPDX-License-Identifier: Apache-2.0
// A sender's end of MLLP release 1: one message, one acknowledgement.
#pragma once

#include "lab/play/line.hpp"

namespace ward::lab {

class MllpLine {
public:
    explicit MllpLine(Manner manner) : line_(std::move(manner)) {}

    /// What the acknowledgement says. What was not acknowledged, or by that of another message, is sent again
    /// over another connection. Errc::unavailable as Line has it.
    Result<Answer> send(std::string_view message, std::string_view control_id);
    /// All but the end of its frame: nobody can acknowledge it, and the connection ends.
    Result<> send_cut(std::string_view message);

    bool is_open() const { return line_.is_open(); }
    Result<> finish() {
        line_.close();
        return {};
    }

private:
    Line line_;
};

}   // namespace ward::lab
