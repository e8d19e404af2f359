// SPDX-License-Identifier: Apache-2.0
// Which Ward a command is about: a data directory, named on the command line or in a configuration file.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "config/settings.hpp"
#include "core/result.hpp"

namespace ward::cli {

struct Place {
    std::string directory;     // --data
    std::string config_file;   // --config
};

void add_place_options(CLI::App& command, Place& place);

/// The configuration, with what the command line says in its stead.
Result<config::Config> load_config(const Place& place);

Result<std::string> directory_of(const Place& place);

}   // namespace ward::cli
