// SPDX-License-Identifier: Apache-2.0
// ward-notify: tells people of cases. The only program that reaches out to send messages; it sees cases,
// which are about pseudonyms, and neither events nor records.
#include <csignal>
#include <cstdio>

#include "apps/ward-notify/commands.hpp"
#include "apps/ward-notify/running.hpp"
#include "apps/ward-notify/settings.hpp"
#include "config/load.hpp"
#include "core/log.hpp"
#include "crypto/secret.hpp"

namespace ward::notify {
namespace {

/// Where it is written, if what is written is wrong.
template <class T>
Result<T> in_file(Result<T> read, const CommandOptions& options) {
    if (read) return read;
    return fail(read.error().code,
                config::choose_file(options.config_file).string() + ": " + read.error().what);
}

Result<> act(const CLI::App& app, const CommandOptions& options) {
    auto config = TRY(config::load_chosen(options.config_file));
    if (!options.data.empty()) config.data.path = options.data;
    if (app.got_subcommand("status")) return tell_status(config);
    const auto channels = TRY(in_file(channels_from(config.notify), options));
    auto sites = TRY(in_file(sites_from(config.notify), options));
    return app.got_subcommand("test") ? try_out(channels, options)
                                      : run(config, channels, std::move(sites), options);
}

int run_program(int argc, char** argv) {
    CommandOptions options;
    CLI::App app{"Tells people of cases.", "ward notify"};
    add_commands(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {   // how CLI11 says it
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (const auto hidden = crypto::hide_memory(); !hidden)
        log::warn("memory is not hidden", {{"reason", hidden.error().what}});
    std::signal(SIGPIPE, SIG_IGN);
    const auto done = act(app, options);
    if (done) return 0;
    std::fprintf(stderr, "ward-notify: %s\n", done.error().what.c_str());
    return 1;
}

}   // namespace
}   // namespace ward::notify

int main(int argc, char** argv) { return ward::notify::run_program(argc, argv); }
