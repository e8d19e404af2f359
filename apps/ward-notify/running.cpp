// SPDX-License-Identifier: Apache-2.0
// `run`: cases become notices, notices are kept, and what is kept is sent.
#include "apps/ward-notify/running.hpp"

#include <csignal>
#include <optional>
#include <pthread.h>
#include <sys/prctl.h>

#include "apps/ward-notify/commands.hpp"
#include "apps/ward-notify/settings.hpp"
#include "confine/confine.hpp"
#include "core/log.hpp"
#include "desk/desk.hpp"
#include "notify/outbox.hpp"
#include "notify/sender.hpp"
#include "notify/telling.hpp"

namespace ward::notify {
namespace {

constexpr timespec between_rounds{1, 0};
constexpr std::chrono::minutes heard_every{1};   // for what nobody changes: cases become due
constexpr std::chrono::hours forgotten_every{6};

struct Paths {
    explicit Paths(const config::Config& config) : data(config.data.path) {}
    std::filesystem::path data;
    std::filesystem::path watch() const { return data / "watch"; }
    std::filesystem::path outbox() const { return data / "notify"; }
};

Result<> confine_to([[maybe_unused]] const Paths& paths, [[maybe_unused]] const Channels& channels) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return {};   // sanitizers need more of the kernel
#else
    auto read = read_by(channels);
    read.push_back(paths.watch());
    return confine::confine_on_bus({.read = std::move(read), .read_write = {paths.outbox()}});
#endif
}

/// From the desk to the outbox, and from there to people.
class Rounds {
public:
    Rounds(const Paths& paths, const Channels& channels, Sites sites, Outbox outbox)
        : folder_(paths.watch()),
          channels_(channels),
          sites_(std::move(sites)),
          telling_(sites_),
          outbox_(std::move(outbox)) {}

    Result<> go() {
        const auto now = clock_.now();
        TRY(hear(now));
        if (const auto given_up = TRY(outbox_.gather(now)); given_up > 0)
            log::error("messages given up, too many wait", {{"messages", given_up}});
        if (now - forgot_ >= forgotten_every) {
            TRY(outbox_.forget(now));
            forgot_ = now;
        }
        return send_due(outbox_, channels_, clock_);
    }

private:
    struct Told {
        std::vector<Notice> notices;
        notify::Told of_cases;
    };

    /// What cannot be read is read again in the next round, from the beginning.
    Result<> hear(Time now) {
        const auto told = read(now);
        if (!told) {
            desk_.reset();
            telling_ = Telling{sites_};
            if (told.error().code != Errc::not_found && !std::exchange(is_blind_, true))
                log::warn("cases cannot be read", {{"reason", told.error().what}});
            return {};
        }
        if (std::exchange(is_blind_, false)) log::info("cases are read again");
        if (told->notices.empty() && told->of_cases.empty()) return {};
        const auto kept = TRY(outbox_.keep(told->notices, told->of_cases, channels_of(channels_), now));
        if (kept.too_old > 0) log::warn("notices are too old to be sent", {{"notices", kept.too_old}});
        if (kept.added > 0) log::info("notices kept", {{"notices", kept.added}});
        return {};
    }

    Result<Told> read(Time now) {
        if (!desk_) {
            desk_.emplace(TRY(desk::Desk::open_to_read(folder_)));
            heard_ = {};
        }
        const auto version = TRY(desk_->version());
        if (version == version_ && now - heard_ < heard_every) return Told{};
        const auto book = TRY(desk_->book());
        auto news = telling_.take(book, now, TRY(outbox_.told()));
        Told told{.notices = {}, .of_cases = std::move(news.told)};
        for (auto& [notice, finding] : news.drafts) {
            add_words(notice, TRY(desk_->words(finding)));
            told.notices.push_back(std::move(notice));
        }
        version_ = version;
        heard_ = now;
        return told;
    }

    SystemClock clock_;
    std::filesystem::path folder_;
    std::optional<desk::Desk> desk_;
    std::int64_t version_ = 0;   // of the desk, when it was heard
    Time heard_{};
    bool is_blind_ = false;   // which was told
    const Channels& channels_;
    Sites sites_;
    Telling telling_;
    Outbox outbox_;
    Time forgot_{};
};

}   // namespace

Result<> run(const config::Config& config, const Channels& channels, Sites sites,
             const CommandOptions& options) {
    sigset_t stops;
    sigemptyset(&stops);
    for (const int signal : {SIGINT, SIGTERM}) sigaddset(&stops, signal);
    ::pthread_sigmask(SIG_BLOCK, &stops, nullptr);
    if (options.with_parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const Paths paths{config};
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
