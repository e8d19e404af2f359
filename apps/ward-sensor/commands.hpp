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
    bool devices = false;   // the inventory instead of events
    std::string output;     // a file; empty is standard output
    std::string format = "eve";
    std::string key_file;
    unsigned threads = 1;   // of read
    std::string interface;
    unsigned rings = 0;   // of listen, one a thread; 0 is one for each core
    std::uint64_t ring_mib = 32;
    std::uint64_t rotate_mib = 0;   // 0: never
    std::string spool;             // a folder, instead of a file
    std::uint64_t spool_mib = 4096;
    bool with_parent = false;
    std::uint64_t memory_mib = 1024;
    bool stats = false;
};

/// Adds `read` and the others to `app`. Options are filled when it parses.
void add_commands(CLI::App& app, CommandOptions& options);

}   // namespace ward::sensor
