// SPDX-License-Identifier: Apache-2.0
// Where events come from: files and standard input, of whichever sensor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/ward-watch/commands.hpp"
#include "core/function_ref.hpp"
#include "core/result.hpp"
#include "foreign/reader.hpp"

namespace ward::watch {

/// The events of one file, as ours, one a line without its end; for a line that is too long `too_long`.
Result<> read_file(const std::string& file, std::optional<foreign::Sensor> from,
                   FunctionRef<void(std::string_view)> take, FunctionRef<void()> too_long,
                   foreign::Counts& counts);

/// Those of all files, one after the other.
Result<> read_events(const CommandOptions& options, FunctionRef<void(std::string_view)> take,
                     FunctionRef<void()> too_long, foreign::Counts& counts);

/// No other files than these can be opened from then on, and nothing can be sent.
Result<> confine_to_reading(const std::vector<std::string>& files);

}   // namespace ward::watch
