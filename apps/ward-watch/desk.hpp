// SPDX-License-Identifier: Apache-2.0
// What people do with cases, from the command line.
#pragma once

#include "apps/ward-watch/commands.hpp"
#include "apps/ward-watch/desk_commands.hpp"
#include "desk/desk.hpp"

namespace ward::watch {

/// What `read` found, and how much of it is new on standard error.
Result<> keep_findings(desk::Desk& desk, std::span<const detect::Finding> findings);

/// Those that are over for long.
Result<> forget_cases(const CommandOptions& options);

/// What the command line asks for.
Result<> work_at_desk(const DeskOptions& options);

}   // namespace ward::watch
