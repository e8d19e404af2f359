// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/commands.hpp"

#include <algorithm>

namespace ward::watch {
namespace {

constexpr const char* events_text =
    "Events of `ward sensor`, Suricata (EVE) or Zeek (JSON), one a line; - is standard input";
constexpr const char* folder_text = "Folder of the events that are kept";

void add_from(CLI::App& command, CommandOptions& options) {
    command.add_option("--from", options.from, "Whose events they are; without it each line shows")
        ->check(CLI::IsMember({"ward", "suricata", "zeek"}))
        ->type_name("SENSOR");
}

/// What all commands have that read events.
void add_events_of(CLI::App& command, CommandOptions& options) {
    command.add_option("EVENTS", options.files, events_text)->required()->type_name("...");
    add_from(command, options);
}

void add_plan(CLI::App& command, CommandOptions& options) {
    command
        .add_option("--plan", options.plan, "Find also flows that this plan of `ward segment` does not allow")
        ->type_name("PLAN");
}

void add_read(CLI::App& app, CommandOptions& options) {
    auto* read = app.add_subcommand("read", "Find what is wrong in events that were kept");
    add_events_of(*read, options);
    read->add_option("--json", options.output, "Write findings to this file instead of standard output")
        ->type_name("OUT");
    read->add_flag("--all", options.all, "Tell also of cases whose risk is too small to be shown");
    read->add_option("--keep", options.keep, "Keep findings and cases in this folder, for `ward cases`")
        ->type_name("DIR");
    read->add_option(
            "--state", options.state,
            "Go on from what is known by this file, if it is there, and keep there what is known then")
        ->type_name("FILE");
    add_plan(*read, options);
    read->add_option(
            "--seed", options.seed,
            "The same seed and events give the same findings; without it who sends cannot foresee what "
            "models confuse")
        ->type_name("N");
    read->footer(
        "Reads one file after the other, which must be in the order of time, as if they were one. "
        "docs/formats/findings.md says what a finding "
        "is. Cases of little risk are counted at the end, and told with --all.\n"
        "Example: ward watch read events.json --json findings.json\n"
        "Example: ward watch read events.json --keep cases && ward cases --in cases\n"
        "Example: ward watch read monday.json --state known && ward watch read tuesday.json --state known\n"
        "Example: ward watch read events.json --plan plan.toml\n"
        "Example: ward sensor read morning.pcap.gz | ward watch read -");
}

void add_store(CLI::App& app, CommandOptions& options) {
    auto* store = app.add_subcommand("store", "Keep events, so that `ward events` finds them");
    add_events_of(*store, options);
    store->add_option("--in", options.folder, folder_text)->type_name("DIR")->capture_default_str();
    store->footer(
        "A file that is stored again, or has grown since, adds only what is new. It is known by its first "
        "line.\n"
        "Example: ward watch store events.json --in kept\n"
        "Example: ward sensor read morning.pcap.gz | ward watch store - --in kept");
}

void add_translate(CLI::App& app, CommandOptions& options) {
    auto* translate =
        app.add_subcommand("translate", "Write what Ward understands of another sensor's events");
    add_events_of(*translate, options);
    translate->add_option("--json", options.output, "Write to this file instead of standard output")
        ->type_name("OUT");
    translate->footer(
        "docs/formats/foreign-events.md says what becomes of which. A capture that Suricata read from a file "
        "is "
        "told out of order: sort what this writes.\n"
        "Example: ward watch translate eve.json | LC_ALL=C sort | ward watch read -\n"
        "Example: ward watch translate conn.log dns.log --json events.json");
}

constexpr int days_max = 36'500;

void add_case_days(CLI::App& command, CommandOptions& options) {
    command
        .add_option("--case-days", options.case_days,
                    "Days for which cases are kept after they were answered, or came to nothing")
        ->check(CLI::Range(1, days_max))
        ->type_name("N")
        ->capture_default_str();
}

void add_keeping(CLI::App& command, history::Keeping& keeping) {
    keeping.fields([&](std::string name, std::int64_t& days, const char* text) {
        std::ranges::replace(name, '_', '-');
        command.add_option("--" + name, days, text)
            ->check(CLI::Range(1, days_max))
            ->type_name("N")
            ->capture_default_str();
    });
}

void add_forget(CLI::App& app, CommandOptions& options) {
    auto* forget = app.add_subcommand("forget", "Remove events, or cases, that are kept no more");
    auto* const in = forget->add_option("--in", options.folder, folder_text);
    in->type_name("DIR")->capture_default_str();
    forget->add_option("--cases", options.cases, "Not events, but the cases that are kept in this folder")
        ->type_name("DIR")
        ->excludes(in);
    add_case_days(*forget, options);
    add_keeping(*forget, options.keeping);
    forget->footer(
        "What runs forgets by itself.\n"
        "Example: ward watch forget --in kept --flow-days 14\n"
        "Example: ward watch forget --cases cases --case-days 90");
}

void add_follow(CLI::App& app, CommandOptions& options) {
    auto* follow = app.add_subcommand("follow", "Take what other sensors of this machine tell to the bus");
    follow
        ->add_option("SOURCES", options.files,
                     "Files that Suricata (EVE) or Zeek (JSON) writes, unix:PATH or unixgram:PATH")
        ->required()
        ->type_name("...");
    add_from(*follow, options);
    follow->add_option("--spool", options.spool, "The folder in which events wait for ward-courier")
        ->required()
        ->type_name("DIR");
    follow
        ->add_option("--spool-mib", options.spool_mib,
                     "Room for them, in MiB; past it the oldest are given up")
        ->check(CLI::Range(64, 1'048'576))
        ->type_name("N")
        ->capture_default_str();
    follow->add_flag("--with-parent", options.with_parent, "End when the program that started this one ends")
        ->group("");
    follow->footer(
        "Started by `ward run` where [sensor] follow names something. docs/formats/following.md says what is "
        "remembered.\n"
        "Example: ward watch follow /var/log/suricata/eve.json --spool /var/lib/ward/foreign/spool\n"
        "Example: ward watch follow unix:/run/ward/eve.sock --spool /var/lib/ward/foreign/spool");
}

/// What the commands have that list devices or people.
void add_known(CLI::App& app, EventsOptions& options) {
    app.add_option("QUERY", options.query, "What they have: docs/formats/event-query.md. Empty: all")
        ->type_name("QUERY");
    app.add_option("--limit", options.limit, "How many at the most")
        ->check(CLI::Range(1, 1'000'000))
        ->type_name("N")
        ->capture_default_str();
    app.add_flag("--json", options.json, "One JSON object a line");
    app.add_option("--in", options.folder, folder_text)->type_name("DIR")->capture_default_str();
}

void add_run(CLI::App& app, CommandOptions& options) {
    auto* run = app.add_subcommand("run", "Store events from the bus, and find what is wrong in them");
    run->add_option("--in", options.folder, folder_text)->type_name("DIR")->capture_default_str();
    run->add_option("--findings", options.findings, "Where findings are written")
        ->required()
        ->type_name("OUT");
    run->add_option("--bus", options.bus, "The bus: nats://HOST:PORT or tls://…, or a file that says so")
        ->required()
        ->type_name("URL");
    run->add_option("--credentials", options.credentials,
                    "NATS credentials, or a user and a password in two lines")
        ->type_name("FILE");
    run->add_option("--authorities", options.authorities,
                    "The certificates (PEM) that vouch for the bus; with them, TLS")
        ->type_name("FILE");
    add_case_days(*run, options);
    add_keeping(*run, options.keeping);
    add_plan(*run, options);
    run->add_flag("--with-parent", options.with_parent, "End when the program that started this one ends")
        ->group("");
    run->footer(
        "Started by `ward run`. OUT begins anew at 64 MiB; the last eight are kept as OUT.1, OUT.2, … "
        "Findings and cases are kept in the folder of OUT, for `ward cases`.\n"
        "Example: ward watch run --findings findings.json --bus tls://bus.example:4222 --credentials "
        "receiver.credentials --authorities ca.pem");
}

}   // namespace

void add_commands(CLI::App& app, CommandOptions& options) {
    app.require_subcommand(1);
    app.footer("Example: ward watch read events.json --json findings.json");
    add_read(app, options);
    add_store(app, options);
    add_translate(app, options);
    add_forget(app, options);
    add_follow(app, options);
    add_run(app, options);
    add_escalate(*app.add_subcommand("escalate", "Escalate the cases that nobody answered for too long"),
                 options.desk);
}

void add_events(CLI::App& app, EventsOptions& options) {
    app.add_option("QUERY", options.query, "What they have: docs/formats/event-query.md. Empty: all")
        ->type_name("QUERY");
    app.add_option("--since", options.since,
                   "Not before this time: 2026-03-02, 2026-03-02T10:00:00Z, 24h, 7d")
        ->type_name("TIME");
    app.add_option("--until", options.until, "Before this time")->type_name("TIME");
    app.add_option("--limit", options.limit, "How many at the most")
        ->check(CLI::Range(1, 100'000))
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--after", options.after, "What follows, as the page before told it")->type_name("PLACE");
    app.add_flag("--json", options.json, "The events as they were stored, one JSON object a line");
    app.add_option("--in", options.folder, folder_text)->type_name("DIR")->capture_default_str();
    app.footer(
        "The newest are first. Times are in UTC. Exit code 1: not all could be read.\n"
        "Example: ward events 'ip = 10.20.0.7 and event_type = dns'\n"
        "Example: ward events 'dns.rrname = \"*.example\"' --since 7d --limit 500\n"
        "Example: ward events 'dest_port in (23, 445) and not src_ip = 10.20.0.0/16' --json");
}

void add_devices(CLI::App& app, EventsOptions& options) {
    add_known(app, options);
    app.footer(
        "Who was seen last is first. Names are those of the event `device`, and first and last.\n"
        "Example: ward devices 'role = infusion-pump'\n"
        "Example: ward devices 'addresses = 10.20.4.0/24 and criticality = life-critical' --json");
}

void add_people(CLI::App& app, EventsOptions& options) {
    add_known(app, options);
    app.footer(
        "Accounts are pseudonyms. Who was seen last is first; names are name, hosts, first and last.\n"
        "Example: ward people 'hosts = 10.20.0.7'\n"
        "Example: ward people 'last > 2026-03-01' --limit 500 --json");
}

}   // namespace ward::watch
