// SPDX-License-Identifier: Apache-2.0
// `run`: events come over the bus, are stored, and then looked at in the order in which they came.
#include "apps/ward-watch/running.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <functional>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <sys/prctl.h>
#include <thread>

#include "apps/ward-watch/casework.hpp"
#include "apps/ward-watch/looking.hpp"
#include "apps/ward-watch/segmenting.hpp"
#include "bus/receiver.hpp"
#include "confine/confine.hpp"
#include "core/log.hpp"
#include "crypto/random.hpp"
#include "history/history.hpp"
#include "watch/watch.hpp"

namespace ward::watch {
namespace {

constexpr std::chrono::hours forgotten_every{6};
constexpr std::chrono::minutes known_kept_every{10};
constexpr std::chrono::seconds escalated_every{60};
constexpr std::chrono::hours cases_forgotten_every{24};
constexpr std::size_t unkept_bytes_max = std::size_t{512} << 20U;   // of events

/// Who stores and looks. The receiver's thread brings events, another one says when it is time to forget.
class Desk {
public:
    static Result<std::unique_ptr<Desk>> open(const CommandOptions& options,
                                              std::optional<segment::Borders> plan, const Clock& clock) {
        auto history = TRY(history::History::open(options.folder, clock, options.keeping));
        auto casework = TRY(Casework::open(options.findings, clock));
        auto desk = std::make_unique<Desk>(std::move(history), std::move(casework),
                                           Looking{options.folder, std::move(plan)});
        const auto stored = TRY(desk->history_.watermarks());
        TRY(desk->looking_.go_on(stored));
        desk->casework_.keep(desk->looking_.take_news());
        return desk;
    }
    Desk(history::History history, Casework casework, Looking looking)
        : history_(std::move(history)), casework_(std::move(casework)), looking_(std::move(looking)) {}

    Result<bus::Sequence> watermark(const bus::PublisherId& publisher) {
        const std::lock_guard lock{mutex_};
        return history_.watermark(publisher.hex());
    }

    Result<bus::Sequence> append(const bus::PublisherId& publisher, bus::Sequence first,
                                 std::string_view text) {
        const std::lock_guard lock{mutex_};
        const auto name = publisher.hex();
        bus::Sequence stored = first - 1;
        while (!text.empty()) {
            lines_.clear();
            while (!text.empty() && lines_.size() < history::History::batch_lines_max) {
                const auto end = text.find('\n');
                lines_.push_back(text.substr(0, end));
                text.remove_prefix(end + 1);
            }
            const auto next = stored + 1;
            stored = TRY(history_.append({name, next, lines_}));
            looking_.look(name, next, lines_);
            casework_.keep(looking_.take_news());
            if (looking_.unkept() > unkept_bytes_max) keep_what_is_known();
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

    void keep_known() {
        const std::lock_guard lock{mutex_};
        keep_what_is_known();
    }

    void escalate() {
        const std::lock_guard lock{mutex_};
        casework_.escalate();
    }

    void forget_cases(std::chrono::days kept) {
        const std::lock_guard lock{mutex_};
        casework_.forget(kept);
    }

    Result<> close() {
        const std::lock_guard lock{mutex_};
        casework_.keep({});   // a last try
        keep_what_is_known();
        const auto& stored = history_.counts();
        const auto seen = looking_.counts();
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
                              {"escalated", cases.escalated},
                              {"cases_forgotten", cases.forgotten},
                              {"findings_lost", cases.lost + casework_.waiting()}});
        return casework_.close();
    }

private:
    /// Not while findings wait for a desk that is full: they are found again from what was known before.
    void keep_what_is_known() {
        if (casework_.waiting() > 0) return;
        const auto kept = looking_.keep();
        if (!kept) log::error("what is known is not kept", {{"reason", kept.error().what}});
    }

    std::mutex mutex_;   // guards all
    history::History history_;
    Casework casework_;
    Looking looking_;
    std::vector<std::string_view> lines_;   // of the batch at hand
};

/// What is done at the start, and then every so often.
class Duty {
public:
    Duty(std::chrono::seconds every, std::function<void()> work) : every_(every), work_(std::move(work)) {}

    void work_if_due() {
        const auto now = std::chrono::steady_clock::now();
        if (due_ && now < *due_) return;
        due_ = now + every_;
        work_();
    }

private:
    std::chrono::seconds every_;
    std::function<void()> work_;
    std::optional<std::chrono::steady_clock::time_point> due_;
};

/// Names of hosts are looked up by what /etc and /usr hold.
Result<> confine([[maybe_unused]] const CommandOptions& options) {
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
    std::optional<segment::Borders> plan;
    if (!options.plan.empty()) plan = TRY(load_plan(options.plan));
    TRY(confine(options));
    const SystemClock clock;
    const auto desk = TRY(Desk::open(options, std::move(plan), clock));
    const bus::Sink sink{[&](const bus::PublisherId& publisher) { return desk->watermark(publisher); },
                         [&](const bus::PublisherId& publisher, bus::Sequence first, std::string_view lines) {
                             return desk->append(publisher, first, lines);
                         }};
    {
        const std::jthread receiver{[&](const std::stop_token& stop) {
            bus::Receiver{{options.bus, options.credentials, options.authorities}, sink}.run(stop);
        }};
        log::info("events are received", {{"folder", options.folder}});
        std::array duties{
            Duty{known_kept_every, [&] { desk->keep_known(); }},
            Duty{forgotten_every, [&] { desk->forget(); }}, Duty{escalated_every, [&] { desk->escalate(); }},
            Duty{cases_forgotten_every, [&] { desk->forget_cases(std::chrono::days{options.case_days}); }}};
        constexpr timespec patience{1, 0};
        do
            for (auto& duty : duties) duty.work_if_due();
        while (sigtimedwait(&stops, nullptr, &patience) < 0);
    }
    return desk->close();
}

}   // namespace ward::watch
