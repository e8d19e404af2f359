// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/commands.hpp"

namespace ward::watch {

void add_commands(CLI::App& app, CommandOptions& options) {
    app.require_subcommand(1);
    app.footer("Example: ward watch read events.json --json findings.json");
    auto* read = app.add_subcommand("read", "Find what is wrong in events that were kept");
    read->add_option("EVENTS", options.files,
                     "Events of `ward sensor`, one JSON object a line; - is standard input")
        ->required()
        ->type_name("...");
    read->add_option("--json", options.output, "Write findings to this file instead of standard output")
        ->type_name("OUT");
    read->add_flag("--all", options.all, "Tell also of cases whose risk is too small to be shown");
    read->footer(
        "Reads one file after the other, which must be in the order of time, as if they were one. "
        "docs/formats/findings.md says what a finding "
        "is. Cases of little risk are counted at the end, and told with --all.\n"
        "Example: ward watch read events.json --json findings.json\n"
        "Example: ward sensor read morning.pcap.gz | ward watch read -");
}

}   // namespace ward::watch
