// SPDX-License-Identifier: Apache-2.0
// The command line of ward-lab, which `ward lab` has too.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ward::lab {

struct CommandOptions {
    enum class What { list, make, play, truth, score } what{};
    std::string scenario;   // a name, or a file that ends in .toml
    std::string size;       // empty: the scenario's own
    std::uint64_t seed = 1;
    std::string first_day = "2026-03-02";
    std::string folder;
    std::string findings;
    std::string speed = "1";
    std::string messages_to;   // empty, as all three: 127.0.0.1:2575
    std::string trail_to;
    std::string resources_to;
    std::string interface;
    std::string trusted_file;
    std::string token_file;
    std::string truth_file;
    std::int64_t patience_seconds = 60;
    bool json = false;
};

/// From 0.001 to 1e6; none of anything else.
std::optional<double> speed_named(std::string_view text);

void add_commands(CLI::App& app, CommandOptions& options);

}   // namespace ward::lab
