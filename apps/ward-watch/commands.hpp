// SPDX-License-Identifier: Apache-2.0
// The command line of ward-watch, which `ward watch` and `ward events` have too.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/ward-watch/desk_commands.hpp"
#include "apps/ward-watch/segment_commands.hpp"
#include "history/keeping.hpp"

namespace ward::watch {

struct CommandOptions {
    std::vector<std::string> files;
    std::string output;   // a file; empty is standard output
    bool all = false;     // also what is below the line
    std::string keep;     // findings and cases in this folder; empty: nowhere
    std::string state;    // what is known is read from there first, and kept there; empty: nowhere
    std::optional<std::uint64_t> seed;   // of what is random; nothing: another one each time
    std::string plan;                    // of zones; empty: there is none
    std::string from;   // whose events they are: ward, suricata, zeek; empty: as each line shows
    std::string folder = "/var/lib/ward/events";
    history::Keeping keeping;
    std::string cases;   // of `forget`: the folder of cases; empty: events are forgotten
    std::int64_t case_days = 400;
    DeskOptions desk;

    std::string spool;   // of `follow`
    std::int64_t spool_mib = 4096;

    std::string findings;   // of `run`
    std::string bus;
    std::string credentials;
    std::string authorities;
    bool with_parent = false;
};

/// Adds `read`, `run` and the others to `app`. Options are filled when it parses.
void add_commands(CLI::App& app, CommandOptions& options);

struct EventsOptions {
    std::string query;
    std::string folder = "/var/lib/ward/events";
    std::string since;
    std::string until;
    std::string after;
    std::uint32_t limit = 50;
    bool json = false;
};

/// Makes `app` the command `events`, or `devices`, or `people`.
void add_events(CLI::App& app, EventsOptions& options);
void add_devices(CLI::App& app, EventsOptions& options);
void add_people(CLI::App& app, EventsOptions& options);

}   // namespace ward::watch
