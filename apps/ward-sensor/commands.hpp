// SPDX-License-Identifier: Apache-2.0
// The command line of ward-sensor, which `ward sensor` has too.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace ward::sensor {

struct CommandOptions {
    std::vector<std::string> files;
    std::string output;   // a file; empty is standard output
    std::string format = "eve";
    std::string key_file;
    unsigned threads = 1;
    std::uint64_t memory_mib = 1024;
    bool stats = false;
};

/// Adds `read` and the others to `app`. Options are filled when it parses.
void add_commands(CLI::App& app, CommandOptions& options);

}   // namespace ward::sensor
