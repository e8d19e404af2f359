// SPDX-License-Identifier: Apache-2.0
// ward-sensor: packets in, events out. Holds the capture handle and the pseudonym key; sends nothing.
#include <cstdio>

#include "apps/ward-sensor/commands.hpp"
#include "apps/ward-sensor/output.hpp"
#include "apps/ward-sensor/statistics.hpp"
#include "sensor/eve.hpp"
#include "sensor/pseudonyms.hpp"
#include "sensor/replay.hpp"

namespace ward::sensor {
namespace {

Result<> read(const CommandOptions& options) {
    ReplayOptions replay_options{options.memory_mib << 20U, options.threads, {}};
    if (!options.key_file.empty()) replay_options.pseudonymise = TRY(load_pseudonymiser(options.key_file));
    auto output = TRY(Output::open(options.output));
    Replay replay{std::move(replay_options), append_eve,
                  [&output](std::string_view text) { return output.write(text); }};
    Result<> damage;
    for (const auto& file : options.files) {
        auto done = replay.read(file);
        // A capture that was cut off is common; what comes after it is still wanted.
        if (!done && done.error().code != Errc::malformed) return done;
        if (!done) std::fprintf(stderr, "ward-sensor: %s\n", done.error().what.c_str());
        if (!done) damage = std::move(done);
    }
    TRY(replay.finish());
    TRY(output.close());
    if (options.stats) print(replay.counts());
    return damage;
}

int run(int argc, char** argv) {
    CommandOptions options;
    CLI::App app{"Decodes a hospital's network traffic into events. Sends nothing.", "ward sensor"};
    add_commands(app, options);
    CLI11_PARSE(app, argc, argv);
    const auto done = read(options);
    if (done) return 0;
    if (done.error().code != Errc::malformed)
        std::fprintf(stderr, "ward-sensor: %s\n", done.error().what.c_str());
    return 1;
}

}   // namespace
}   // namespace ward::sensor

int main(int argc, char** argv) { return ward::sensor::run(argc, argv); }
