// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <pthread.h>
#include <sys/prctl.h>
#include <thread>

#include "apps/ward-sensor/jobs.hpp"
#include "apps/ward-sensor/stop.hpp"
#include "confine/confine.hpp"
#include "core/log.hpp"
#include "core/output.hpp"
#include "sensor/listener.hpp"
#include "spool/writer.hpp"

namespace ward::sensor {
namespace {

/// Everything is opened first; then nothing but that can be used, and the folder of the events' file, which
/// is made anew when it is full or was removed.
Result<> confine(const CommandOptions& options, const std::vector<std::unique_ptr<capture::Ring>>& rings) {
    std::vector<int> captures;
    captures.reserve(rings.size());
    for (const auto& ring : rings) captures.push_back(ring->socket());
    confine::Folders folders;
    if (!options.spool.empty()) folders.read_write.emplace_back(options.spool);
    std::error_code unknown;   // is no file
    if (std::filesystem::is_regular_file(options.output, unknown))
        folders.read_write.push_back(std::filesystem::absolute(options.output).parent_path());
    return confine::confine_sensor(captures, folders);
}

ListenerOptions listener_options(const CommandOptions& options, protocol::Pseudonymise pseudonymise) {
    ListenerOptions listener;
    listener.memory_max = options.memory_mib << 20U;
    listener.pseudonymise = std::move(pseudonymise);
    listener.makers = installed_makers();
    return listener;
}

/// Where events go.
struct Outlet {
    std::function<Result<>(std::string_view)> write;
    std::function<Result<>()> close;
};

Result<Outlet> outlet_of(const CommandOptions& options) {
    if (options.spool.empty()) {
        const auto output =
            std::make_shared<Output>(TRY(Output::open(options.output, options.rotate_mib << 20U)));
        return Outlet{[output](std::string_view text) { return output->write(text); },
                      [output] { return output->close(); }};
    }
    const auto spool = std::make_shared<spool::Writer>(
        TRY(spool::Writer::open(options.spool, {.bytes_max = options.spool_mib << 20U})));
    return Outlet{[spool](std::string_view text) { return spool->append(text); },
                  [spool] { return spool->sync(); }};
}

/// The rings are a part of the memory that the process may have: a quarter of it.
Result<unsigned> threads_of(const CommandOptions& options) {
    const auto fitting = static_cast<unsigned>(options.memory_mib / 4 / options.ring_mib);
    const auto wanted = options.rings > 0 ? options.rings : std::max(std::thread::hardware_concurrency(), 1U);
    if (fitting == 0 || (options.rings > 0 && options.rings > fitting))
        return fail(Errc::limit_exceeded, std::to_string(std::max(options.rings, 1U)) + " rings of " +
                                              std::to_string(options.ring_mib) +
                                              " MiB do not fit a quarter of " +
                                              std::to_string(options.memory_mib) +
                                              " MiB; give --memory-mib, --ring-mib or --threads");
    return std::min(wanted, fitting);
}

}   // namespace

Result<> listen(const CommandOptions& options) {
    const auto stop_signals = block_stop_signals();
    if (options.with_parent) prctl(PR_SET_PDEATHSIG, SIGTERM);

    const auto threads = TRY(threads_of(options));
    auto rings = TRY(capture::listen({options.interface, options.ring_mib << 20U, threads}));
    auto pseudonymise = TRY(pseudonymiser(options));
    auto outlet = TRY(outlet_of(options));
    TRY(confine(options, rings));

    std::atomic<bool> ended = false;
    Result<> end;   // written once by the listener, read when it has stopped
    const auto stop = [&, self = ::pthread_self()](const Error& reason) {
        if (ended.exchange(true)) return;
        end = tl::unexpected(reason);
        ::pthread_kill(self, SIGTERM);   // NOLINT(bugprone-bad-signal-to-kill-thread): sigwait() takes it
    };
    const auto write = [&](std::string_view text) {
        auto written = outlet.write(text);
        // Where nobody reads what is told, there is nothing to listen for.
        if (!written && written.error().code == Errc::not_found) stop(written.error());
        return written;
    };
    auto told = listener_options(options, std::move(pseudonymise));
    told.deaf = [&](const Error& reason) { stop({reason.code, options.interface + ": " + reason.what}); };
    const SystemClock clock;
    Listener listener{std::move(told), std::move(rings), format_of(options), write, clock};
    listener.start();
    log::info("listening", {{"interface", options.interface}, {"threads", threads}});
    int signal = 0;
    sigwait(&stop_signals, &signal);
    const auto counts = listener.stop();
    log::info("stopped", {{"packets", counts.packets},
                          {"kernel_drops", counts.kernel_drops},
                          {"events", counts.events},
                          {"events_lost", counts.events_lost},
                          {"devices_forgotten", counts.devices_forgotten}});
    TRY(end);
    return outlet.close();
}

}   // namespace ward::sensor
