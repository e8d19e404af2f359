// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/desk_commands.hpp"

#include <array>

namespace ward::watch {
namespace {

void choose(CLI::App& app, DeskOptions& options, DeskAction action) {
    app.add_option("--in", options.folder, "Folder of the cases that are kept")
        ->type_name("DIR")
        ->capture_default_str();
    app.add_flag("--json", options.json, "One JSON object a line, as docs/formats/cases.md has it");
    app.callback([&options, action] { options.chosen = action; });
}

void add_signature(CLI::App& app, DeskOptions& options) {
    app.add_option("--by", options.by, "Who says so")->type_name("NAME");
    app.add_option("--reason", options.reason, "Why")->type_name("TEXT");
}

void add_ocsf(CLI::App& app, DeskOptions& options) {
    app.add_flag("--ocsf", options.ocsf,
                 "Each finding as a Detection Finding of OCSF 1.4.0, one JSON object a line")
        ->excludes(app.get_option("--json"));
}

void add_cases(CLI::App& app, DeskOptions& options) {
    app.add_flag("--all", options.all, "Also what is below the line, explained or closed");
    app.add_option("--since", options.since, "With a finding since then: 2026-03-02, 24h, 7d")
        ->type_name("TIME");
    choose(app, options, DeskAction::list_cases);
    add_ocsf(app, options);
    app.footer(
        "The riskiest are first; what is not shown is counted on standard error.\n"
        "Example: ward cases --since 24h\n"
        "Example: ward cases --all --json\n"
        "Example: ward cases --since 24h --ocsf");
}

void add_case(CLI::App& app, DeskOptions& options) {
    app.add_option("N", options.number, "Number of the case")->required()->type_name("");
    auto* const acknowledge =
        app.add_flag("--acknowledge", options.acknowledge, "I look at it: it does not escalate for a day");
    auto* const split = app.add_option("--split", options.split, "Put that finding into a case of its own")
                            ->type_name("FINDING")
                            ->check(CLI::PositiveNumber);
    auto* const join = app.add_option("--join", options.join, "Make that case and this one one")
                           ->type_name("M")
                           ->check(CLI::PositiveNumber);
    acknowledge->excludes(split)->excludes(join);
    split->excludes(join);
    add_signature(app, options);
    choose(app, options, DeskAction::work_on_case);
    add_ocsf(app, options);
    app.footer(
        "What was found, in order of time, what speaks for it and against it, and what people did.\n"
        "Example: ward case 12\n"
        "Example: ward case 12 --acknowledge --by eve\n"
        "Example: ward case 12 --split 40 --by eve --reason 'that one is the backup'\n"
        "Example: ward case 12 --join 15 --by eve --reason 'the same intruder'");
}

void add_verdict(CLI::App& app, DeskOptions& options) {
    app.add_option("N", options.number, "Number of the case")->required()->type_name("");
    app.add_option("VERDICT", options.said, "true, benign or expected")
        ->required()
        ->check(CLI::IsMember({"true", "benign", "expected"}))
        ->type_name("");
    app.add_option("--finding", options.finding, "On that finding of it only")
        ->type_name("FINDING")
        ->check(CLI::PositiveNumber);
    app.add_option("--to", options.whom, "Only what was done to that machine")->type_name("ADDRESS");
    app.add_option("--until", options.until, "Until then: 2026-12-24, 30d; of what is expected always needed")
        ->type_name("TIME");
    app.add_flag("--preview", options.preview, "Say what it would change, and give none");
    add_signature(app, options);
    choose(app, options, DeskAction::give_verdict);
    app.footer(
        "It holds for the same kinds of finding by the same hosts, for 90 days unless --until says "
        "otherwise, and for those of the last 30 days. Nothing is deleted.\n"
        "Example: ward verdict 12 benign --reason 'the new backup' --by eve --preview\n"
        "Example: ward verdict 12 expected --until 2026-12-24 --reason 'move of the archive' --by eve\n"
        "Example: ward verdict 12 true --finding 40 --reason 'the owner knows nothing of it' --by eve");
}

void add_declaration(CLI::App& window, DeskOptions& options) {
    auto* const add = window.add_subcommand("add", "Declare what a host will do");
    add->add_option("--host", options.host, "Address, network (10.20.0.0/16) or name of who will do it")
        ->required()
        ->type_name("HOST");
    add->add_flag("--scanner", options.scanner, "It scans always: for a year at the most, not 14 days");
    add->add_option("--kinds", options.kinds,
                    "Kinds of finding, with commas; without: all but ransomware and worm")
        ->delimiter(',')
        ->type_name("KINDS");
    add->add_option("--from", options.from, "From then on; without: from now on")->type_name("TIME");
    add->add_option("--until", options.until, "Until then: 2026-12-24, 8h")->required()->type_name("TIME");
    add_signature(*add, options);
    choose(*add, options, DeskAction::declare);
    add->footer("Example: ward window add --host 10.20.0.9 --until 8h --reason 'change 4711' --by eve");
}

void add_window(CLI::App& app, DeskOptions& options) {
    app.require_subcommand(1);
    app.footer("Example: ward window add --host 10.20.0.9 --until 8h --reason 'change 4711' --by eve");
    add_declaration(app, options);
    auto* const read = app.add_subcommand("read", "Declare what a file says");
    read->add_option("FILE", options.file, "TOML: docs/formats/cases.md")->required()->type_name("");
    choose(*read, options, DeskAction::declare_all);
    read->footer(
        "What was declared in the same words before is passed over.\n"
        "Example: ward window read /etc/ward/windows.toml");
    auto* const list = app.add_subcommand("list", "Tell what was declared");
    list->add_flag("--all", options.all, "Also what is over");
    choose(*list, options, DeskAction::list_declarations);
    list->footer("Example: ward window list");
    auto* const end = app.add_subcommand("end", "From now on it explains nothing more");
    end->add_option("N", options.number, "Number of the declaration")->required()->type_name("");
    add_signature(*end, options);
    choose(*end, options, DeskAction::end_declaration);
    end->footer("Example: ward window end 3 --reason 'the work is done' --by eve");
}

constexpr std::array commands{
    DeskCommand{"cases", "List the cases that somebody should look at", add_cases},
    DeskCommand{"case", "Tell the story of a case, or work on it", add_case},
    DeskCommand{"verdict", "Say what a case was", add_verdict},
    DeskCommand{"window", "Declare scanners and windows of change", add_window},
};

}   // namespace

std::span<const DeskCommand> desk_commands() { return commands; }

void add_escalate(CLI::App& app, DeskOptions& options) {
    choose(app, options, DeskAction::escalate);
    app.footer("Example: ward watch escalate");
}

void add_desk(CLI::App& app, DeskOptions& options) {
    for (const auto& command : commands)
        command.add(*app.add_subcommand(command.name, command.text), options);
}

}   // namespace ward::watch
