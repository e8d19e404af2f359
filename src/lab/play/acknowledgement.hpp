// SPDX-License-Identifier: Apache-2.0
// What an HL7 acknowledgement says (HL7 v2.9, 2.9 and 2.14).
#pragma once

#include <string_view>

#include "lab/play/line.hpp"

namespace ward::lab {

/// Of the message with that control id (MSH-10). Errc::malformed if it is no acknowledgement, or one of
/// another message. Of ERR only codes and places are told: its words may be those of the message.
Result<Answer> read_acknowledgement(std::string_view text, std::string_view control_id);

}   // namespace ward::lab
