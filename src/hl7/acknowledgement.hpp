// SPDX-License-Identifier: Apache-2.0
// What a receiver answers (HL7 v2.9, 2.9: original and enhanced mode).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "hl7/message.hpp"

namespace ward::hl7 {

/// Whether a message may be taken in: its header says what it is. Everything else is for the mapping to
/// judge, because much of what hospitals really send does not keep to the letter of the standard.
Read<> check_header(const Message& message);

/// What became of a message.
struct Outcome {
    const Fault* fault = nullptr;   // null: it is on disk
    bool is_refused = false;        // AR, not AE: sending it again is of no use
};

/// The answers that the sender of `text` wants: none, one, or in enhanced mode one for having it and one for
/// having processed it. `text` needs not be a message: what can be read of its header is answered to. `id` is
/// the control id of the first answer, which is its own.
std::vector<std::string> answers(std::string_view text, const Outcome& outcome, std::string_view id,
                                 Time now);

}   // namespace ward::hl7
