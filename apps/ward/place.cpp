// SPDX-License-Identifier: Apache-2.0
#include "apps/ward/place.hpp"

#include "config/load.hpp"

namespace ward::cli {

void add_place_options(CLI::App& command, Place& place) {
    command.add_option("--data", place.directory, "The data directory; otherwise the configuration names it")
        ->type_name("DIR");
    command
        .add_option("--config", place.config_file,
                    "The configuration; otherwise $WARD_CONFIG, or /etc/ward/ward.toml if there is one")
        ->type_name("FILE");
}

Result<config::Config> load_config(const Place& place) {
    auto config = TRY(config::load_chosen(place.config_file));
    if (!place.directory.empty()) config.data.path = place.directory;
    return config;
}

Result<std::string> directory_of(const Place& place) {
    const auto config = TRY(load_config(place));
    return config.data.path;
}

}   // namespace ward::cli
