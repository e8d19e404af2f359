// SPDX-License-Identifier: Apache-2.0
// The command line of ward-notify, which `ward notify` has too.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ward::notify {

struct CommandOptions {
    std::string config_file;
    std::string data;
    bool with_parent = false;   // of `run`
    bool webhook = false;       // of `test`; none of them: all that are set
    bool mail = false;
    bool syslog = false;
};

void add_commands(CLI::App& app, CommandOptions& options);

}   // namespace ward::notify
