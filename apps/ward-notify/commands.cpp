// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-notify/commands.hpp"

namespace ward::notify {
namespace {

CLI::App* add_command(CLI::App& app, CommandOptions& options, const char* name, const char* text) {
    auto* command = app.add_subcommand(name, text);
    command
        ->add_option("--config", options.config_file,
                     "The configuration; otherwise $WARD_CONFIG, or /etc/ward/ward.toml if there is one")
        ->type_name("FILE");
    command->add_option("--data", options.data, "The data directory; otherwise the configuration names it")
        ->type_name("DIR");
    return command;
}

}   // namespace

void add_commands(CLI::App& app, CommandOptions& options) {
    app.require_subcommand(1);
    app.footer("Example: ward notify test");
    auto* test = add_command(app, options, "test", "Send a test message, and tell exactly what happened");
    test->add_flag("--webhook", options.webhook, "Only to the webhook");
    test->add_flag("--mail", options.mail, "Only by mail: one message to all, one to those who are paged");
    test->add_flag("--syslog", options.syslog, "Only over syslog");
    test->footer(
        "To all that are set in [notify], unless some are named. Exit code 1: one of them did not arrive.\n"
        "Example: ward notify test --mail");
    auto* status = add_command(app, options, "status", "Tell what waits, was sent, and was given up");
    status->footer("Example: ward notify status");
    auto* run = add_command(app, options, "run", "Tell people of cases, for as long as it runs");
    run->add_flag("--with-parent", options.with_parent, "End when the program that started this one ends")
        ->group("");
    run->footer("Started by `ward run`.\nExample: ward notify run --config /etc/ward/ward.toml");
}

}   // namespace ward::notify
