// SPDX-License-Identifier: Apache-2.0
// Analysers of a laboratory: records of CLSI LIS2-A2 (ASTM E1394) in frames of CLSI LIS1-A (ASTM E1381), or
// bare.
#pragma once

#include <memory>
#include <string_view>

#include "protocol/protocols.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::astm {

struct Limits {
    std::size_t unit_bytes_max = std::size_t{64} << 10;   // LIS1-A2, 6.3.1.2: a frame holds 64,000 characters
    std::size_t record_bytes_max = std::size_t{4} << 10;   // of a longer one the beginning is read
    std::size_t instruments_max = 8;
};
inline constexpr Limits limits;

enum class Kind : std::uint8_t { enquiry, acknowledge, refuse, end, frame, line, blank };

/// The smallest piece of a stream that means something.
struct Unit {
    Kind kind = Kind::blank;
    char number = 0;         // of a frame, 0 to 7
    std::string_view text;   // of a frame or a bare line
    bool is_sound = true;    // the checksum is right
    bool ends = false;       // a frame that ends a message
};

/// `searched` bytes of the input were there before and do not end a unit.
Decode<Unit> decode_unit(Bytes input, std::size_t searched);

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::astm
