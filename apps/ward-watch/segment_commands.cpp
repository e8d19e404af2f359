// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/segment_commands.hpp"

namespace ward::watch {
namespace {

constexpr const char* plan_text = "The plan: docs/formats/segmentation.md";
constexpr const char* events_text =
    "Events of `ward sensor`, Suricata (EVE) or Zeek (JSON), one a line; - is standard input";

void choose(CLI::App& command, SegmentOptions& options, SegmentAction action) {
    command.callback([&options, action] { options.chosen = action; });
}

void add_plan(CLI::App& command, SegmentOptions& options) {
    command.add_option("PLAN", options.plan, plan_text)->required()->type_name("");
}

CLI::Option* add_event_files(CLI::App& command, SegmentOptions& options) {
    command.add_option("--from", options.from, "Whose events they are; without it each line shows")
        ->check(CLI::IsMember({"ward", "suricata", "zeek"}))
        ->type_name("SENSOR");
    return command.add_option("EVENTS", options.files, events_text)->type_name("...");
}

void add_output(CLI::App& command, SegmentOptions& options) {
    command.add_option("--out", options.output, "Write to this file instead of standard output")
        ->type_name("OUT");
}

void add_propose(CLI::App& app, SegmentOptions& options) {
    auto* const propose = app.add_subcommand("propose", "Propose a plan from what was seen");
    add_event_files(*propose, options)->required();
    add_output(*propose, options);
    choose(*propose, options, SegmentAction::propose);
    propose->footer(
        "Hosts are put into zones by what they are and by their networks. What enough of a zone say, on "
        "three "
        "days or five times, is allowed; the rest is listed in comments. Up to 30 days from the first flow "
        "on "
        "are read. It is a proposal: an intruder's conversations are in it too, so read it.\n"
        "Example: ward segment propose monday.json tuesday.json --out plan.toml\n"
        "Example: ward sensor read morning.pcap.gz | ward segment propose -");
}

void add_check(CLI::App& app, SegmentOptions& options) {
    auto* const check = app.add_subcommand("check", "Count the flows that a plan does not allow");
    add_plan(*check, options);
    add_event_files(*check, options)->required();
    add_output(*check, options);
    check->add_flag("--json", options.json, "One JSON object a line, as docs/formats/segmentation.md has it");
    choose(*check, options, SegmentAction::check);
    check->footer(
        "One row for two zones and a port, the most frequent first, with who spoke most.\n"
        "Example: ward segment check plan.toml wednesday.json\n"
        "Example: ward segment check plan.toml wednesday.json --json --out outside.json");
}

void add_matrix(CLI::App& app, SegmentOptions& options) {
    auto* const matrix = app.add_subcommand("matrix", "Write a plan as a table of zones");
    add_plan(*matrix, options);
    add_output(*matrix, options);
    matrix->add_flag("--csv", options.csv, "For a spreadsheet (RFC 4180) instead of Markdown");
    choose(*matrix, options, SegmentAction::matrix);
    matrix->footer(
        "Rows begin to speak, columns are spoken to, cells are ports.\n"
        "Example: ward segment matrix plan.toml\n"
        "Example: ward segment matrix plan.toml --csv --out plan.csv");
}

void add_nftables(CLI::App& app, SegmentOptions& options) {
    auto* const nftables = app.add_subcommand("nftables", "Write a plan as rules of nftables");
    add_plan(*nftables, options);
    add_event_files(*nftables, options);
    add_output(*nftables, options);
    nftables->add_flag("--observe", options.observe, "Let pass and count what is outside the plan");
    choose(*nftables, options, SegmentAction::nftables);
    nftables->footer(
        "For a router between the zones: it forwards what the plan allows, and drops and counts the rest. "
        "Begin with --observe. Where zones have roles, EVENTS say which addresses have them.\n"
        "Example: ward segment nftables plan.toml --observe --out ward.nft && nft -c -f ward.nft\n"
        "Example: ward segment nftables plan.toml events.json --out ward.nft");
}

}   // namespace

void add_segment(CLI::App& app, SegmentOptions& options) {
    app.require_subcommand(1);
    app.footer("Example: ward segment propose events.json --out plan.toml");
    add_propose(app, options);
    add_check(app, options);
    add_matrix(app, options);
    add_nftables(app, options);
}

}   // namespace ward::watch
