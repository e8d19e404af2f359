// SPDX-License-Identifier: Apache-2.0
// `ward sensor …` is the program ward-sensor: it parses hostile bytes, so it is a process of its own. `ward
// watch …`, `ward events …`, `ward cases …` and their like are ward-watch, which may see no patient's name,
// `ward notify …` ward-notify, which reaches out, and `ward lab …` ward-lab, which has no business with real
// data.
#include "apps/ward-lab/commands.hpp"
#include "apps/ward-notify/commands.hpp"
#include "apps/ward-sensor/commands.hpp"
#include "apps/ward-watch/commands.hpp"
#include "apps/ward/command.hpp"
#include "apps/ward/program.hpp"

namespace ward::cli {
namespace {

/// The program's own command line is understood here only for `--help`, completion and the manual.
template <class Options>
void hand_on(CLI::App& command, Action& chosen, const std::vector<std::string>& words,
             void (*add_commands)(CLI::App&, Options&)) {
    auto options = std::make_shared<Options>();
    add_commands(command, *options);
    command.callback([options, words, name = command.get_name(), &chosen] {
        chosen = [words, name] {
            const auto named = std::ranges::find(words, name);
            return report(become("ward-" + name, {named + 1, words.end()}, {}));
        };
    });
}

/// Its name is ward-watch's own command too.
template <class Options>
void hand_on_whole(CLI::App& command, Action& chosen, const std::vector<std::string>& words,
                   const std::shared_ptr<Options>& options) {
    command.callback([options, words, name = command.get_name(), &chosen] {
        chosen = [words, name] {
            return report(become("ward-watch", {std::ranges::find(words, name), words.end()}, {}));
        };
    });
}

}   // namespace

void add_sensor(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    auto* command = app.add_subcommand("sensor", "Decode network traffic into events; sends nothing");
    hand_on<sensor::CommandOptions>(*command, chosen, words, sensor::add_commands);
}

void add_watch(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    auto* command = app.add_subcommand("watch", "Find what is wrong in a hospital's events");
    hand_on<watch::CommandOptions>(*command, chosen, words, watch::add_commands);
}

void add_events(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    auto* command = app.add_subcommand("events", "Find events that were kept");
    auto options = std::make_shared<watch::EventsOptions>();
    watch::add_events(*command, *options);
    hand_on_whole(*command, chosen, words, options);
}

void add_known(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    auto* devices = app.add_subcommand("devices", "List the devices that events told of");
    auto* people = app.add_subcommand("people", "List the accounts that events told of");
    auto devices_options = std::make_shared<watch::EventsOptions>();
    auto people_options = std::make_shared<watch::EventsOptions>();
    watch::add_devices(*devices, *devices_options);
    watch::add_people(*people, *people_options);
    hand_on_whole(*devices, chosen, words, devices_options);
    hand_on_whole(*people, chosen, words, people_options);
}

void add_desk(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    for (const auto& one : watch::desk_commands()) {
        auto* command = app.add_subcommand(one.name, one.text);
        auto options = std::make_shared<watch::DeskOptions>();
        one.add(*command, *options);
        hand_on_whole(*command, chosen, words, options);
    }
}

void add_segment(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    auto* command = app.add_subcommand("segment", watch::segment_title);
    auto options = std::make_shared<watch::SegmentOptions>();
    watch::add_segment(*command, *options);
    hand_on_whole(*command, chosen, words, options);
}

void add_notify(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    auto* command = app.add_subcommand("notify", "Tell people of cases, or try whether that arrives");
    hand_on<notify::CommandOptions>(*command, chosen, words, notify::add_commands);
}

void add_lab(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    auto* command = app.add_subcommand("lab", "Make up a hospital, and what happens in it");
    hand_on<lab::CommandOptions>(*command, chosen, words, lab::add_commands);
}

}   // namespace ward::cli
