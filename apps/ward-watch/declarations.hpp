// SPDX-License-Identifier: Apache-2.0
// Declarations of scanners and windows, from the command line and from files.
#pragma once

#include "apps/ward-watch/desk_commands.hpp"
#include "core/result.hpp"
#include "desk/rows.hpp"

namespace ward::watch {

/// As `moment`, but 8h is in eight hours.
Result<std::optional<event::Time>> moment_ahead(const std::string& text, const char* option, event::Time now);

Result<desk::Declaration> declaration_of(const DeskOptions& options, event::Time now);

/// TOML with [[scanner]] and [[window]]: docs/formats/cases.md. Errors name the line.
Result<std::vector<desk::Declaration>> read_declarations(const std::string& file, event::Time now);

}   // namespace ward::watch
