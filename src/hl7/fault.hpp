// SPDX-License-Identifier: Apache-2.0
// What is wrong with a message, as its sender is told: a place and a code, never a value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.hpp"

namespace ward::hl7 {

/// HL7 table 0357, message error condition codes.
enum class ErrorCode : std::uint16_t {
    segment_sequence = 100,
    required_field_missing = 101,
    data_type = 102,
    table_value_not_found = 103,
    unsupported_message_type = 200,
    unsupported_event_code = 201,
    unsupported_processing_id = 202,
    unsupported_version_id = 203,
    unknown_key_identifier = 204,
    duplicate_key_identifier = 205,
    record_locked = 206,
    internal_error = 207,
};

/// ERR-2 and ERR-3: which segment, which field, and what of it.
struct Fault {
    ErrorCode code = ErrorCode::internal_error;
    std::string segment = "MSH";
    std::size_t occurrence = 1;   // of the segment among those of its name
    std::size_t field = 0;        // 0: the segment itself
    std::string what;             // a fixed phrase
};

/// A value, or the Fault of the message. TRY works on it inside functions that return Read.
template <class T = void>
class [[nodiscard]] Read : public tl::expected<T, Fault> {
public:
    using tl::expected<T, Fault>::expected;
};

inline tl::unexpected<Fault> refuse(Fault fault) { return tl::unexpected(std::move(fault)); }

}   // namespace ward::hl7

namespace ward::detail {
template <class T>
T take(hl7::Read<T>&& read) {
    if constexpr (!std::is_void_v<T>) return *std::move(read);
}
}   // namespace ward::detail
