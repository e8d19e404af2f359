// SPDX-License-Identifier: Apache-2.0
// The command line of ward-watch, which `ward watch` has too.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace ward::watch {

struct CommandOptions {
    std::vector<std::string> files;
    std::string output;   // a file; empty is standard output
    bool all = false;     // also what is below the line
};

/// Adds `read` to `app`. Options are filled when it parses.
void add_commands(CLI::App& app, CommandOptions& options);

}   // namespace ward::watch
