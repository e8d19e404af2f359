// SPDX-License-Identifier: Apache-2.0
// ward-sensor: packets in, events out. Holds the capture handle and the pseudonym key; sends nothing.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/prctl.h>
#include <thread>

#include "apps/ward-sensor/commands.hpp"
#include "apps/ward-sensor/output.hpp"
#include "apps/ward-sensor/statistics.hpp"
#include "confine/confine.hpp"
#include "core/log.hpp"
#include "devices/inventory.hpp"
#include "sensor/eve.hpp"
#include "sensor/listener.hpp"
#include "sensor/ocsf.hpp"
#include "sensor/pseudonyms.hpp"
#include "sensor/replay.hpp"

namespace ward::sensor {
namespace {

void report(const Error& error) { std::fprintf(stderr, "ward-sensor: %s\n", error.what.c_str()); }

Result<protocol::Pseudonymise> pseudonymiser(const CommandOptions& options) {
    if (options.key_file.empty()) return protocol::Pseudonymise{};
    return load_pseudonymiser(options.key_file);
}

Format format_of(const CommandOptions& options) {
    return options.format == "ocsf" ? append_ocsf : append_eve;
}

/// All captures as one. What damages one of them is told at once, and again as the result.
Result<> replay_all(Replay& replay, const CommandOptions& options) {
    Result<> damage;
    for (const auto& file : options.files) {
        auto done = replay.read(file);
        // A capture that was cut off is common; what comes after it is still wanted.
        if (!done && done.error().code != Errc::malformed) return done;
        if (done) continue;
        if (!damage) report(damage.error());   // the last one is told by who called
        damage = std::move(done);
    }
    TRY(replay.finish());
    return damage;
}

Result<> read(const CommandOptions& options) {
    ReplayOptions replay_options{options.memory_mib << 20U, options.threads, TRY(pseudonymiser(options))};
    auto output = TRY(Output::open(options.output));
    Replay replay{std::move(replay_options), format_of(options),
                  [&output](std::string_view text) { return output.write(text); }};
    auto damage = replay_all(replay, options);
    if (!damage && damage.error().code != Errc::malformed) return damage;
    TRY(output.close());
    if (options.stats) print(replay.counts());
    return damage;
}

/// Debian's package ieee-data; without it no maker is known by a hardware address.
devices::Makers installed_makers() {
    std::ifstream list{"/usr/share/ieee-data/oui.csv"};
    return devices::Makers::from_csv(std::string{std::istreambuf_iterator<char>{list}, {}});
}

Result<> tell_devices(const CommandOptions& options) {
    auto output = TRY(Output::open(options.output == "-" ? std::string{} : options.output));
    devices::Inventory inventory{{}, installed_makers()};
    const auto observe = [&inventory](std::string&, const event::Event& event) { inventory.observe(event); };
    Replay replay{{options.memory_mib << 20U, 1, {}}, observe, [](std::string_view) { return Result<>{}; }};
    auto damage = replay_all(replay, options);
    if (!damage && damage.error().code != Errc::malformed) return damage;
    const auto found = inventory.devices();
    std::string text;
    if (options.output.empty()) text = devices::table(found);
    if (!options.output.empty())
        for (const auto& device : found) devices::append_json(text, device);
    TRY(output.write(text));
    TRY(output.close());
    const auto counts = inventory.counts();
    const auto forgotten = counts.inside_evicted + counts.hardware_evicted + counts.behind_refused;
    if (forgotten > 0)
        std::fprintf(
            stderr, "ward-sensor: %llu times an address or device was left out: too many for the inventory\n",
            static_cast<unsigned long long>(forgotten));
    return damage;
}

/// Everything is opened first; then nothing but that can be used.
Result<> confine(const CommandOptions& options, const std::vector<std::unique_ptr<capture::Ring>>& rings) {
    std::vector<int> captures;
    for (const auto& ring : rings) captures.push_back(ring->socket());
    confine::Folders folders;
    if (options.rotate_mib > 0)
        folders.read_write.push_back(std::filesystem::absolute(options.output).parent_path());
    return confine::confine_sensor(captures, folders);
}

Result<> listen(const CommandOptions& options) {
    sigset_t stop_signals;
    sigemptyset(&stop_signals);
    for (const int signal : {SIGINT, SIGTERM}) sigaddset(&stop_signals, signal);
    pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
    if (options.with_parent) prctl(PR_SET_PDEATHSIG, SIGTERM);

    const auto threads =
        options.rings > 0 ? options.rings : std::max(std::thread::hardware_concurrency(), 1U);
    auto rings = TRY(capture::listen({options.interface, options.ring_mib << 20U, threads}));
    ListenerOptions listener_options;
    listener_options.memory_max = options.memory_mib << 20U;
    listener_options.pseudonymise = TRY(pseudonymiser(options));
    listener_options.makers = installed_makers();
    auto output = TRY(Output::open(options.output, options.rotate_mib << 20U));
    TRY(confine(options, rings));

    const SystemClock clock;
    Listener listener{std::move(listener_options), std::move(rings), format_of(options),
                      [&output](std::string_view text) { return output.write(text); }, clock};
    listener.start();
    log::info("listening", {{"interface", options.interface}, {"threads", threads}});
    int signal = 0;
    sigwait(&stop_signals, &signal);
    const auto counts = listener.stop();
    log::info("stopped", {{"packets", counts.packets},
                          {"kernel_drops", counts.kernel_drops},
                          {"events", counts.events},
                          {"events_lost", counts.events_lost}});
    return output.close();
}

int run(int argc, char** argv) {
    CommandOptions options;
    CLI::App app{"Decodes a hospital's network traffic into events. Sends nothing.", "ward sensor"};
    add_commands(app, options);
    CLI11_PARSE(app, argc, argv);
    const auto done = options.devices             ? tell_devices(options)
                      : options.interface.empty() ? read(options)
                                                  : listen(options);
    if (done) return 0;
    report(done.error());
    return 1;
}

}   // namespace
}   // namespace ward::sensor

int main(int argc, char** argv) { return ward::sensor::run(argc, argv); }
