// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-sensor/commands.hpp"

namespace ward::sensor {
namespace {

void add_limits(CLI::App& command, CommandOptions& options) {
    command
        .add_option("--pseudonym-key", options.key_file,
                    "Hash patients' identifiers with the key in this file; without it they are left out")
        ->type_name("FILE");
    command.add_option("--memory-mib", options.memory_mib, "Memory of the whole program, in MiB")
        ->capture_default_str()
        ->check(CLI::Range(64, 1 << 20));
}

void add_read(CLI::App& app, CommandOptions& options) {
    auto* command = app.add_subcommand("read", "Decode captures into events");
    command->add_option("files", options.files, "pcap or pcapng, gzip too; - is standard input")
        ->required()
        ->type_name("FILE");
    command->add_option("--json", options.output, "Write events to this file instead of standard output")
        ->type_name("OUT");
    command->add_option("--format", options.format, "eve: Suricata's EVE JSON")
        ->capture_default_str()
        ->check(CLI::IsMember({"eve"}))
        ->type_name("FORMAT");
    command->add_option("--threads", options.threads, "Threads; the output is the same with any number")
        ->capture_default_str()
        ->check(CLI::Range(1, 8));
    command->add_flag("--stats", options.stats,
                      "At the end, say on standard error what was seen and what was given up");
    add_limits(*command, options);
    command->footer(
        "Reads one capture after the other as if they were one. Sends nothing.\n"
        "Example: ward sensor read morning.pcap.gz --json events.json --stats");
}

}   // namespace

void add_commands(CLI::App& app, CommandOptions& options) {
    app.require_subcommand(1);
    add_read(app, options);
}

}   // namespace ward::sensor
