// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-lab/commands.hpp"

#include <charconv>

namespace ward::lab {

std::optional<double> speed_named(std::string_view text) {
    constexpr double least = 0.001, most = 1e6;
    double speed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), speed);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    if (!is_number || !(speed >= least && speed <= most)) return std::nullopt;
    return speed;
}

namespace {

void add_list(CLI::App& app, CommandOptions& options) {
    auto* command = app.add_subcommand("list", "Name the scenarios, and what happens in them");
    command->add_flag("--json", options.json, "As JSON");
    command->callback([&options] { options.what = CommandOptions::What::list; });
    command->footer("Example: ward lab list");
}

void add_story(CLI::App& command, CommandOptions& options) {
    command
        .add_option("SCENARIO", options.scenario, "A name of `ward lab list`, or a file such as mine.toml")
        ->required()
        ->type_name("");
    command
        .add_option("--size", options.size,
                    "clinic: 5 staff; small: 25 beds; large: 500; group: three hospitals. Without it, the "
                    "scenario's own: small for most")
        ->check(CLI::IsMember({"clinic", "small", "large", "group"}))
        ->type_name("SIZE");
    command.add_option("--seed", options.seed, "The same number gives the same hospital")
        ->capture_default_str();
    command
        .add_option("--first-day", options.first_day,
                    "Its first day, in UTC; another one gives other days in the same hospital")
        ->capture_default_str()
        ->type_name("YYYY-MM-DD");
}

void add_make(CLI::App& app, CommandOptions& options) {
    auto* command = app.add_subcommand("make", "Make a scenario's feeds, and the truth beside them");
    add_story(*command, options);
    command->add_option("--out", options.folder, "A folder that is not there yet")
        ->required()
        ->type_name("DIR");
    command->callback([&options] { options.what = CommandOptions::What::make; });
    command->footer(
        "All people, devices and attacks in it are invented. docs/formats/lab.md says which files there "
        "are.\n"
        "Example: ward lab make snooping --size small --seed 7 --out /tmp/snooping");
}

void add_play(CLI::App& app, CommandOptions& options) {
    auto* command = app.add_subcommand("play", "Send a scenario's feeds to a running Ward");
    add_story(*command, options);
    command
        ->add_option("--speed", options.speed, "Times faster than the clock; max: as fast as Ward takes it")
        ->capture_default_str()
        ->check([](const std::string& text) {
            return text == "max" || speed_named(text) ? std::string{}
                                                      : "is neither a number from 0.001 to 1000000 nor max";
        })
        ->type_name("NUMBER|max");
    const auto to = [&](const char* name, std::string& into, const char* what) {
        return command->add_option(name, into, what)->type_name("HOST:PORT");
    };
    to("--to", options.messages_to,
       "Where a feed of Ward takes HL7 over MLLP; 127.0.0.1:2575 if no other receiver is named");
    auto* fhir = to("--fhir-to", options.resources_to, "Where Ward takes FHIR over HTTPS");
    to("--trail-to", options.trail_to, "Where something takes the audit trail as syslog over a stream");
    command
        ->add_option("--onto", options.interface,
                     "Send the frames onto this interface too (as root, or with CAP_NET_RAW)")
        ->type_name("INTERFACE");
    auto* trusted =
        command
            ->add_option("--trust", options.trusted_file,
                         "Speak TLS with receivers whose certificate this is, or signed: Ward's tls.crt")
            ->type_name("FILE");
    auto* token = command->add_option("--token-file", options.token_file, "A token for FHIR, of `ward token`")
                      ->type_name("FILE");
    fhir->needs(trusted)->needs(token);
    command
        ->add_option("--patience", options.patience_seconds,
                     "Seconds to go on trying to send each when nobody answers")
        ->capture_default_str()
        ->check(CLI::Range(1, 86'400));
    command
        ->add_option("--truth", options.truth_file, "Write here at the end what happened until then, as JSON")
        ->type_name("FILE");
    command->callback([&options] { options.what = CommandOptions::What::play; });
    command->footer(
        "Ends with 0 when all was sent and taken, 3 when something was refused that is not broken on "
        "purpose, 1 "
        "when\nWard did not answer; on Ctrl-C once the minute of the story is sent.\n"
        "Name the feed in ward.toml: [hl7] feeds = [\"hospital 127.0.0.1:2575\"].\n"
        "Example: ward lab play quiet --speed 600\n"
        "Example: ward lab play worm --speed 60 --onto veth0");
}

void add_truth(CLI::App& app, CommandOptions& options) {
    auto* command = app.add_subcommand("truth", "Say what happened in made feeds, and what should be found");
    command->add_option("DIR", options.folder, "A folder that `ward lab make` made")
        ->required()
        ->type_name("");
    command->add_flag("--json", options.json, "As JSON");
    command->callback([&options] { options.what = CommandOptions::What::truth; });
    command->footer("Example: ward lab truth /tmp/snooping");
}

void add_score(CLI::App& app, CommandOptions& options) {
    auto* command = app.add_subcommand("score", "Hold what is found against the truth");
    command->add_option("DIR", options.folder, "A folder that `ward lab make` made")
        ->required()
        ->type_name("");
    command
        ->add_option(
            "--findings", options.findings,
            "What was found, one JSON object a line; without it Ward's sensor and watch are run over "
            "the frames")
        ->type_name("FILE");
    command->add_flag("--json", options.json, "As JSON");
    command->callback([&options] { options.what = CommandOptions::What::score; });
    command->footer(
        "docs/formats/lab.md says what a finding is.\n"
        "Example: ward lab score /tmp/worm\n"
        "Example: ward lab score /tmp/snooping --findings findings.ndjson --json");
}

}   // namespace

void add_commands(CLI::App& app, CommandOptions& options) {
    app.require_subcommand(1);
    app.footer(
        "Example: ward lab make snooping --size small --seed 7 --out /tmp/snooping\n"
        "Example: ward lab play quiet --speed 600");
    add_list(app, options);
    add_make(app, options);
    add_play(app, options);
    add_truth(app, options);
    add_score(app, options);
}

}   // namespace ward::lab
