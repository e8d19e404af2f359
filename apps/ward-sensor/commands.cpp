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
    command->add_option("CAPTURE", options.files, "pcap or pcapng, gzip too; - is standard input")
        ->required()
        ->type_name("");
    command->add_option("--json", options.output, "Write events to this file instead of standard output")
        ->type_name("OUT");
    command->add_option("--format", options.format, "eve: Suricata's EVE JSON; ocsf: OCSF 1.4.0")
        ->capture_default_str()
        ->check(CLI::IsMember({"eve", "ocsf"}))
        ->type_name("FORMAT");
    command->add_option("--threads", options.threads, "Threads; the output is the same with any number")
        ->capture_default_str()
        ->check(CLI::Range(1, 8));
    command->add_flag("--stats", options.stats,
                      "At the end, say on standard error what was seen and what was given up");
    add_limits(*command, options);
    command->footer(
        "Reads one capture after the other as if they were one. Of a pipe events are told as they happen, "
        "and\n"
        "an interrupt ends it in order. Sends nothing.\n"
        "Example: ward sensor read morning.pcap.gz --json events.json --stats\n"
        "Example: tcpdump -U -w - | ward sensor read -");
}

void add_devices(CLI::App& app, CommandOptions& options) {
    auto* command = app.add_subcommand("devices", "Say which devices captures show, and why");
    command->add_option("CAPTURE", options.files, "pcap or pcapng, gzip too; - is standard input")
        ->required()
        ->type_name("");
    command
        ->add_option("--json", options.output,
                     "Write one JSON object a device to this file, with all evidence; - is standard output")
        ->type_name("OUT");
    command->add_option("--memory-mib", options.memory_mib, "Memory of the whole program, in MiB")
        ->capture_default_str()
        ->check(CLI::Range(64, 1 << 20));
    command->callback([&options] { options.devices = true; });
    command->footer(
        "Prints a table, where (?) means that the role is a guess of less than 50 %, or that the device\n"
        "may be several or another one; --json says why. Knows the makers of network cards where Debian's\n"
        "package ieee-data is installed. Sends nothing.\n"
        "Example: ward sensor devices morning.pcap.gz --json devices.json");
}

void add_listen(CLI::App& app, CommandOptions& options) {
    auto* command = app.add_subcommand("listen", "Decode what passes a network interface, until interrupted");
    command
        ->add_option("interface", options.interface, "The interface of the mirror port; it needs no address")
        ->required()
        ->type_name("IFACE");
    command->add_option("--json", options.output, "Write events to this file instead of standard output")
        ->type_name("OUT");
    command
        ->add_option(
            "--rotate-mib", options.rotate_mib,
            "Go on in OUT, and begin it anew when it has so many MiB; the last eight are kept as OUT.1, "
            "OUT.2, …; 0: empty it at the start, and never again")
        ->needs("--json")
        ->capture_default_str()
        ->check(CLI::Range(0, 1 << 20));
    command->add_option("--format", options.format, "eve: Suricata's EVE JSON; ocsf: OCSF 1.4.0")
        ->capture_default_str()
        ->check(CLI::IsMember({"eve", "ocsf"}))
        ->type_name("FORMAT");
    command
        ->add_option(
            "--spool", options.spool,
            "Keep events in this folder instead, until ward-courier has taken them to who stores them")
        ->excludes("--json")
        ->excludes("--format")
        ->type_name("DIR");
    command->add_option("--spool-mib", options.spool_mib, "Disk for them; past it the oldest are given up")
        ->needs("--spool")
        ->capture_default_str()
        ->check(CLI::Range(64, 1 << 20));
    command
        ->add_option(
            "--threads", options.rings,
            "Threads that capture and decode; 0: one for each core, but no more than have their rings "
            "in a quarter of --memory-mib")
        ->capture_default_str()
        ->check(CLI::Range(0, 64));
    command
        ->add_option("--ring-mib", options.ring_mib, "Memory for packets that wait, in MiB for each thread")
        ->capture_default_str()
        ->check(CLI::Range(4, 4096));
    command->add_flag("--with-parent", options.with_parent, "End when the program that started this one ends")
        ->group("");
    add_limits(*command, options);
    command->footer(
        "Needs CAP_NET_RAW. Opens the capture, gives up everything else, and sends nothing.\n"
        "Every ten seconds a stats event says what was seen and what was dropped.\n"
        "Example: ward sensor listen enp3s0 --json events.json --rotate-mib 256");
}

}   // namespace

void add_commands(CLI::App& app, CommandOptions& options) {
    app.require_subcommand(1);
    app.footer(
        "Exit codes: 0 done; 1 refused, not found, or a damaged capture, of which the rest is told; 2 "
        "usage.\n"
        "Example: ward sensor read morning.pcap.gz --json events.json");
    add_read(app, options);
    add_devices(app, options);
    add_listen(app, options);
}

}   // namespace ward::sensor
