// SPDX-License-Identifier: Apache-2.0
// The command set of a DIMSE message: PS3.7, section 6.3 and annex E.
#pragma once

#include <optional>
#include <string_view>

#include "core/bytes.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::dicom {

struct Command {
    std::uint16_t field = 0;   // (0000,0100)
    std::optional<std::uint16_t> message_id;
    std::optional<std::uint16_t> responds_to;
    std::string_view sop_class;   // affected or requested
    std::string_view sop_instance;
    std::string_view move_destination;
    std::string_view move_originator;
    std::optional<std::uint16_t> event_id;
    std::optional<std::uint16_t> action_id;
    std::optional<std::uint16_t> status;
    std::optional<std::uint16_t> remaining;
    std::optional<std::uint16_t> completed;
    std::optional<std::uint16_t> failed;
    std::optional<std::uint16_t> warning;
    bool has_dataset = false;

    bool is_response() const noexcept { return (field & 0x8000U) != 0; }
};

/// `set` is the whole of it, always in implicit VR little endian (PS3.7, 6.3.1). The command borrows it.
Decode<Command> decode_command(Bytes set);

}   // namespace ward::protocol::dicom
