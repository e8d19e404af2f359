// SPDX-License-Identifier: Apache-2.0
// Where events come from: files and standard input, of whichever sensor.
#pragma once

#include <string>
#include <string_view>

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

}   // namespace ward::watch
