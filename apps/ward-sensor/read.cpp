// SPDX-License-Identifier: Apache-2.0
// `read` and `devices`: captures from files.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>

#include "apps/ward-sensor/jobs.hpp"
#include "apps/ward-sensor/progress.hpp"
#include "apps/ward-sensor/statistics.hpp"
#include "apps/ward-sensor/stop.hpp"
#include "confine/confine.hpp"
#include "core/output.hpp"
#include "devices/inventory.hpp"

namespace ward::sensor {
namespace {

std::vector<std::string> inputs_of(const CommandOptions& options) {
    auto inputs = options.files;
    if (!options.key_file.empty()) inputs.push_back(options.key_file);
    return inputs;
}

/// Before the first hostile byte, and before there are threads: from here on the captures can be opened, and
/// nothing else.
Result<> confine(const CommandOptions& options) {
    std::vector<std::filesystem::path> captures;
    std::ranges::copy_if(options.files, std::back_inserter(captures),
                         [](const auto& file) { return file != "-"; });
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return {};   // sanitizers need more of the kernel
#else
    return confine::confine_reader(std::move(captures));
#endif
}

/// More than clocks that are set by each other differ.
constexpr std::chrono::seconds clocks_apart_max{10};

/// All captures as one, until a signal asks to stop. What damages one of them is told at once, and again as
/// the result; what comes after it, and the flows that it left open, are still wanted.
class Captures {
public:
    /// Before there are threads, which must not take the signals.
    explicit Captures(const CommandOptions& options) : files_(options.files), progress_(options) {}

    void attend(ReplayOptions& options) {
        options.stop = stop_.descriptor();
        options.progress = [this](std::uint64_t bytes, std::uint64_t frames) {
            progress_.tell(bytes, frames);
        };
    }

    /// `written` is how writing what is told went so far. The damage is in damage(); an error is one of
    /// writing.
    Result<> read_all(Replay& replay, const Result<>& written) {
        for (const auto& file : files_) {
            auto done = replay.read(file);
            progress_.clear();
            TRY(written);
            if (stop_.came()) {
                std::fprintf(stderr, "ward-sensor: interrupted: the rest is not read\n");
                break;
            }
            warn_if_earlier(file, replay.went_back());
            if (done) continue;
            if (!damage_) report(damage_.error());   // the last one is told by who called
            damage_ = std::move(done);
        }
        stop_.heed();
        return replay.finish();
    }
    Result<> damage() const { return damage_; }

private:
    static void warn_if_earlier(const std::string& file, std::chrono::nanoseconds by) {
        if (by <= clocks_apart_max) return;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(by).count();
        std::fprintf(
            stderr,
            "ward-sensor: %s begins %lld s before the last one ended: captures are read in the order "
            "in which they are given\n",
            file.c_str(), static_cast<long long>(seconds));
    }

    const std::vector<std::string>& files_;
    StopRequest stop_;
    Progress progress_;
    Result<> damage_;
};

}   // namespace

Result<> read(const CommandOptions& options) {
    TRY(check_inputs(inputs_of(options), options.output));
    const auto memory = options.memory_mib << 20U;
    devices::InventoryLimits limits;
    limits.memory_max = std::min(limits.memory_max, memory / 8);
    devices::Inventory inventory{limits, installed_makers()};
    // Twice, because what is told of the devices takes as much as the inventory.
    ReplayOptions replay_options{memory - 2 * limits.memory_max, options.threads, TRY(pseudonymiser(options)),
                                 &inventory};
    auto output = TRY(Output::open(options.output));
    Captures captures{options};
    captures.attend(replay_options);
    TRY(confine(options));
    Result<> written;
    Replay replay{std::move(replay_options), format_of(options),
                  [&](std::string_view text) { return written = output.write(text); }};
    TRY(captures.read_all(replay, written));
    TRY(output.close());
    if (options.stats) print(replay.counts());
    if (!options.stats) print_what_was_not_read(replay.counts());
    return captures.damage();
}

Result<> tell_devices(const CommandOptions& options) {
    TRY(check_inputs(inputs_of(options), options.output));
    auto output = TRY(Output::open(options.output));
    const auto memory = options.memory_mib << 20U;
    devices::InventoryLimits limits;
    limits.memory_max = memory / 4;
    devices::Inventory inventory{limits, installed_makers()};
    ReplayOptions replay_options{memory - limits.memory_max, 1, {}, &inventory};
    Captures captures{options};
    captures.attend(replay_options);
    TRY(confine(options));
    const Result<> written;   // nothing is, until all is read
    Replay replay{std::move(replay_options), [](std::string&, const event::Event&) {},
                  [](std::string_view) { return Result<>{}; }};
    TRY(captures.read_all(replay, written));
    const auto found = inventory.devices();
    const bool is_nothing_read = found.empty() && !captures.damage();
    if (options.output.empty() && !is_nothing_read) TRY(output.write(devices::table(found)));
    for (std::string text; const auto& device : found) {
        if (options.output.empty()) break;
        text.clear();
        devices::append_json(text, device);
        TRY(output.write(text));
    }
    TRY(output.close());
    const auto forgotten = inventory.counts().forgotten();
    if (forgotten > 0)
        std::fprintf(
            stderr, "ward-sensor: %llu times an address or device was left out: too many for the inventory\n",
            static_cast<unsigned long long>(forgotten));
    print_what_was_not_read(replay.counts());
    return captures.damage();
}

}   // namespace ward::sensor
