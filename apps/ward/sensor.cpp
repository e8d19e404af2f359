// SPDX-License-Identifier: Apache-2.0
// `ward sensor …` is the program ward-sensor: it parses hostile bytes, so it is a process of its own.
#include "apps/ward-sensor/commands.hpp"
#include "apps/ward/command.hpp"
#include "apps/ward/program.hpp"

namespace ward::cli {

void add_sensor(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    auto options = std::make_shared<sensor::CommandOptions>();
    auto* command = app.add_subcommand("sensor", "Decode network traffic into events; sends nothing");
    sensor::add_commands(*command, *options);
    command->callback([options, words, &chosen] {
        chosen = [words] {
            const auto named = std::ranges::find(words, "sensor");
            return report(become("ward-sensor", {named + 1, words.end()}, {}));
        };
    });
}

}   // namespace ward::cli
