// SPDX-License-Identifier: Apache-2.0
// ward-sensor: packets in, events out. Holds the capture handle and the pseudonym key; sends nothing.
#include <csignal>
#include <cstdio>

#include "apps/ward-sensor/commands.hpp"
#include "apps/ward-sensor/jobs.hpp"
#include "core/log.hpp"
#include "crypto/secret.hpp"

namespace ward::sensor {
namespace {

int run(int argc, char** argv) {
    CommandOptions options;
    CLI::App app{"Decodes a hospital's network traffic into events. Sends nothing.", "ward sensor"};
    add_commands(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {   // how CLI11 says it
        return app.exit(error) == 0 ? 0 : 2;
    }
    // What passes is patients' data. Locked in memory it is not: that would end with the capability for it.
    if (const auto hidden = crypto::hide_memory(); !hidden)
        log::warn("memory is not hidden", {{"reason", hidden.error().what}});
    // That nobody reads a pipe any more is an error like another, and told.
    std::signal(SIGPIPE, SIG_IGN);
    const auto done = options.devices             ? tell_devices(options)
                      : options.interface.empty() ? read(options)
                                                  : listen(options);
    if (done) return 0;
    report(done.error());
    return 1;
}

}   // namespace

void report(const Error& error) { std::fprintf(stderr, "ward-sensor: %s\n", error.what.c_str()); }

}   // namespace ward::sensor

int main(int argc, char** argv) { return ward::sensor::run(argc, argv); }
