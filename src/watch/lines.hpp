// SPDX-License-Identifier: Apache-2.0
// The lines of a stream, in memory that is bounded.
#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "core/function_ref.hpp"
#include "core/result.hpp"

namespace ward::watch {

constexpr std::size_t line_bytes_max = std::size_t{1} << 20U;

/// Each line without its end to `take`; of a longer one than line_bytes_max nothing, and `too_long` instead.
/// The last one needs no end. Errc::unavailable when the stream breaks.
Result<> read_lines(std::istream& stream, FunctionRef<void(std::string_view)> take,
                    FunctionRef<void()> too_long);

}   // namespace ward::watch
