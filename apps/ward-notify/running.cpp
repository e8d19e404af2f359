// SPDX-License-Identifier: Apache-2.0
// `run`: findings become notices, notices are kept, and what is kept is sent.
#include "apps/ward-notify/running.hpp"

#include <csignal>
#include <pthread.h>
#include <sys/prctl.h>

#include "apps/ward-notify/commands.hpp"
#include "apps/ward-notify/settings.hpp"
#include "confine/confine.hpp"
#include "core/log.hpp"
#include "notify/findings.hpp"
#include "notify/outbox.hpp"
#include "notify/sender.hpp"

namespace ward::notify {
namespace {

constexpr timespec between_rounds{1, 0};
constexpr std::chrono::hours forgotten_every{6};

struct Paths {
    explicit Paths(const config::Config& config) : data(config.data.path) {}
    std::filesystem::path data;
    std::filesystem::path watch() const { return data / "watch"; }
    std::filesystem::path findings() const { return watch() / "findings.json"; }
    std::filesystem::path outbox() const { return data / "notify"; }
};

Result<> confine_to(const Paths& paths, const Channels& channels) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return {};   // sanitizers need more of the kernel
#else
    auto read = read_by(channels);
    read.push_back(paths.watch());
    return confine::confine_on_bus({.read = std::move(read), .read_write = {paths.outbox()}});
#endif
}

/// From what the watch wrote to the outbox, and from there to people.
class Rounds {
public:
    Rounds(const Paths& paths, const Channels& channels, Sites sites, Outbox outbox)
        : file_(paths.findings()),
          channels_(channels),
          telling_(std::move(sites)),
          outbox_(std::move(outbox)) {}

    Result<> go() {
        TRY(hear());
        const auto now = clock_.now();
        if (const auto given_up = TRY(outbox_.gather(now)); given_up > 0)
            log::error("messages given up, too many wait", {{"messages", given_up}});
        if (now - forgot_ >= forgotten_every) {
            TRY(outbox_.forget(now));
            forgot_ = now;
        }
        return send_due(outbox_, channels_, clock_);
    }

private:
    Result<> hear() {
        const auto told = channels_of(channels_);
        for (auto lines = TRY(file_.news()); !lines.empty(); lines = TRY(file_.news())) {
            std::vector<Notice> notices;
            const auto refused = telling_.refused();
            for (const auto& line : lines) telling_.take(line, notices);
            if (telling_.refused() > refused)
                log::warn("lines are no findings", {{"lines", telling_.refused() - refused}});
            if (notices.empty()) continue;
            const auto kept = TRY(outbox_.keep(notices, told, clock_.now()));
            if (kept.too_old > 0) log::warn("notices are too old to be sent", {{"notices", kept.too_old}});
            if (kept.added > 0) log::info("notices kept", {{"notices", kept.added}});
        }
        return {};
    }

    SystemClock clock_;
    GrowingFile file_;
    const Channels& channels_;
    Telling telling_;
    Outbox outbox_;
    Time forgot_{};
};

}   // namespace

Result<> run(const config::Config& config, const Channels& channels, const CommandOptions& options) {
    sigset_t stops;
    sigemptyset(&stops);
    for (const int signal : {SIGINT, SIGTERM}) sigaddset(&stops, signal);
    ::pthread_sigmask(SIG_BLOCK, &stops, nullptr);
    if (options.with_parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const Paths paths{config};
    auto sites = TRY(Sites::parse(config.notify.sites));
    TRY(confine_to(paths, channels));
    auto outbox = TRY(Outbox::open(paths.outbox()));
    Rounds rounds{paths, channels, std::move(sites), std::move(outbox)};
    log::info("notices are sent", {{"channels", channels_of(channels).size()}});
    do TRY(rounds.go());
    while (sigtimedwait(&stops, nullptr, &between_rounds) < 0);
    log::info("stopped");
    return {};
}

Result<> tell_status(const config::Config& config) {
    const auto folder = Paths{config}.outbox();
    if (!std::filesystem::exists(folder / Outbox::file_name))
        return fail(Errc::not_found, folder.string() + ": nothing was ever to be sent");
    auto outbox = TRY(Outbox::open(folder));
    for (const auto channel : {Channel::webhook, Channel::mail, Channel::syslog}) {
        const auto counts = TRY(outbox.counts(channel));
        std::printf("%-8s %lld waiting, %lld pending, %lld sent, %lld given up\n", name(channel).data(),
                    static_cast<long long>(counts.waiting), static_cast<long long>(counts.pending),
                    static_cast<long long>(counts.sent), static_cast<long long>(counts.given_up));
        if (counts.tries > 0)
            std::printf("%-8s tried %lld times without success\n", "", static_cast<long long>(counts.tries));
    }
    return {};
}

}   // namespace ward::notify
