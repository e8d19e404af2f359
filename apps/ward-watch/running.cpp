// SPDX-License-Identifier: Apache-2.0
// `run`: events come over the bus, are stored, and then looked at in the order in which they came.
#include "apps/ward-watch/running.hpp"

#include <bit>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <pthread.h>
#include <sys/prctl.h>
#include <thread>

#include "apps/ward-watch/casework.hpp"
#include "bus/receiver.hpp"
#include "confine/confine.hpp"
#include "core/log.hpp"
#include "crypto/random.hpp"
#include "history/history.hpp"
#include "watch/watch.hpp"

namespace ward::watch {
namespace {

constexpr std::chrono::hours forgotten_every{6};

/// Who stores and looks. The receiver's thread brings events, another one says when it is time to forget.
class Desk {
public:
    static Result<std::unique_ptr<Desk>> open(const CommandOptions& options, const Clock& clock) {
        auto history = TRY(history::History::open(options.folder, clock));
        auto casework = TRY(Casework::open(options.findings, clock));
        return std::make_unique<Desk>(std::move(history), std::move(casework));
    }
    Desk(history::History history, Casework casework)
        : history_(std::move(history)), casework_(std::move(casework)) {}

    Result<bus::Sequence> watermark(const bus::PublisherId& publisher) {
        const std::lock_guard lock{mutex_};
        return history_.watermark(publisher.hex());
    }

    Result<bus::Sequence> append(const bus::PublisherId& publisher, bus::Sequence first,
                                 std::string_view text) {
        const std::lock_guard lock{mutex_};
        bus::Sequence stored = first - 1;
        while (!text.empty()) {
            lines_.clear();
            while (!text.empty() && lines_.size() < history::History::batch_lines_max) {
                const auto end = text.find('\n');
                lines_.push_back(text.substr(0, end));
                text.remove_prefix(end + 1);
            }
            stored = TRY(history_.append({publisher.hex(), stored + 1, lines_}));
            for (const auto line : lines_) watch_.take(line);
            casework_.keep(watch_.take_news());
        }
        return stored;
    }

    void forget() {
        const std::lock_guard lock{mutex_};
        const auto forgotten = history_.forget();
        if (!forgotten)
            log::error("old events are not removed", {{"reason", forgotten.error().what}});
        else if (forgotten->days + forgotten->parts > 0)
            log::info("old events are removed", {{"days", forgotten->days}, {"parts", forgotten->parts}});
    }

    Result<> close() {
        const std::lock_guard lock{mutex_};
        casework_.keep({});   // a last try
        const auto& stored = history_.counts();
        const auto seen = watch_.counts();
        const auto& cases = casework_.counts();
        log::info("stopped", {{"stored", stored.stored},
                              {"refused", stored.refused},
                              {"misdated", stored.misdated},
                              {"missing", stored.missing},
                              {"late", seen.late},
                              {"findings", seen.findings},
                              {"findings_kept", cases.kept},
                              {"findings_repeated", cases.repeated},
                              {"findings_explained", cases.explained},
                              {"findings_lost", cases.lost + casework_.waiting()}});
        return casework_.close();
    }

private:
    std::mutex mutex_;   // guards all
    history::History history_;
    Casework casework_;
    Watch watch_{std::bit_cast<std::uint64_t>(crypto::random_array<sizeof(std::uint64_t)>())};
    std::vector<std::string_view> lines_;   // of the batch at hand
};

/// Names of hosts are looked up by what /etc and /usr hold.
Result<> confine(const CommandOptions& options) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return {};   // sanitizers need more of the kernel
#else
    confine::Folders folders{.read = {"/usr", "/etc"}, .read_write = {options.folder}};
    folders.read_write.push_back(std::filesystem::absolute(options.findings).parent_path());
    if (!options.credentials.empty())
        folders.read.push_back(std::filesystem::absolute(options.credentials).parent_path());
    if (!options.authorities.empty()) folders.read.emplace_back(options.authorities);
    return confine::confine_on_bus(folders);
#endif
}

sigset_t block_stop_signals() {
    sigset_t stops;
    sigemptyset(&stops);
    for (const int signal : {SIGINT, SIGTERM}) sigaddset(&stops, signal);
    ::pthread_sigmask(SIG_BLOCK, &stops, nullptr);
    return stops;
}

}   // namespace

Result<> run_on_bus(const CommandOptions& options) {
    const auto stops = block_stop_signals();
    if (options.with_parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    TRY(confine(options));
    const SystemClock clock;
    const auto desk = TRY(Desk::open(options, clock));
    const bus::Sink sink{[&](const bus::PublisherId& publisher) { return desk->watermark(publisher); },
                         [&](const bus::PublisherId& publisher, bus::Sequence first, std::string_view lines) {
                             return desk->append(publisher, first, lines);
                         }};
    {
        const std::jthread receiver{[&](const std::stop_token& stop) {
            bus::Receiver{{options.bus, options.credentials, options.authorities}, sink}.run(stop);
        }};
        log::info("events are received", {{"folder", options.folder}});
        const timespec patience{std::chrono::seconds{forgotten_every}.count(), 0};
        do desk->forget();
        while (sigtimedwait(&stops, nullptr, &patience) < 0);
    }
    return desk->close();
}

}   // namespace ward::watch
