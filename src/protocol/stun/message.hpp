// SPDX-License-Identifier: Apache-2.0
// A STUN message (RFC 8489, section 5).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bytes.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::stun {

enum class Kind : std::uint8_t { request, indication, success, error };

struct Message {
    Kind kind{};
    std::uint16_t method = 0;
    std::string_view software;   // borrows the datagram, as realm does
    std::string_view realm;
    std::optional<std::uint16_t> error_code;
    bool user_name = false;
};

/// By the magic cookie and a length that fits: STUN shares its flow with others.
bool is_message(Bytes datagram) noexcept;
Decode<Message> decode(Bytes datagram);

}   // namespace ward::protocol::stun
