// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apps/ward-watch/commands.hpp"
#include "core/result.hpp"

namespace ward::watch {

/// `run`: until SIGTERM.
Result<> run_on_bus(const CommandOptions& options);

}   // namespace ward::watch
