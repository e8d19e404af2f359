// SPDX-License-Identifier: Apache-2.0
// The subcommands of `ward`. Each file adds one to the App; what was chosen runs after everything is parsed.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace ward::cli {

/// What scripts can rely on.
enum class Exit : int { done = 0, refused = 1, usage = 2, violated = 3 };

using Action = std::function<Exit()>;

void add_run(CLI::App& app, Action& chosen);
void add_unseal(CLI::App& app, Action& chosen);
void add_token(CLI::App& app, Action& chosen);
void add_policy(CLI::App& app, Action& chosen);
void add_glass(CLI::App& app, Action& chosen);
void add_import(CLI::App& app, Action& chosen);
void add_grant(CLI::App& app, Action& chosen);
void add_ledger(CLI::App& app, Action& chosen);
void add_status(CLI::App& app, Action& chosen);
void add_vault(CLI::App& app, Action& chosen);
void add_documents(CLI::App& app, Action& chosen);

/// `words` are the command line's own, without the program: they are handed on.
void add_sensor(CLI::App& app, Action& chosen, const std::vector<std::string>& words);
void add_watch(CLI::App& app, Action& chosen, const std::vector<std::string>& words);
void add_events(CLI::App& app, Action& chosen, const std::vector<std::string>& words);
void add_known(CLI::App& app, Action& chosen, const std::vector<std::string>& words);
void add_desk(CLI::App& app, Action& chosen, const std::vector<std::string>& words);
void add_segment(CLI::App& app, Action& chosen, const std::vector<std::string>& words);
void add_notify(CLI::App& app, Action& chosen, const std::vector<std::string>& words);
void add_lab(CLI::App& app, Action& chosen, const std::vector<std::string>& words);

/// Every subcommand, in the order of its help.
void add_all(CLI::App& app, Action& chosen, const std::vector<std::string>& words);

/// Prints why to stderr and gives the exit code that fits.
Exit report(const Error& error);

}   // namespace ward::cli
