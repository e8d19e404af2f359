// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apps/ward-watch/commands.hpp"
#include "core/result.hpp"

namespace ward::watch {

/// `follow`: until SIGTERM.
Result<> follow_sensors(const CommandOptions& options);

}   // namespace ward::watch
