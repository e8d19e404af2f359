// SPDX-License-Identifier: Apache-2.0
#include "feeds/feeds.hpp"

#include <algorithm>
#include <condition_variable>
#include <fmt/format.h>
#include <limits>

#include "core/log.hpp"
#include "hl7/charset.hpp"
#include "vault/arrivals.hpp"
#include "vault/feed_trail.hpp"
#include "vault/identity.hpp"

namespace ward::feeds {

Result<std::vector<FeedSetting>> read_settings(const std::vector<std::string>& texts,
                                               const http::TlsIdentity& identity) {
    TRY(hl7::load_charsets());
    std::vector<FeedSetting> settings;
    for (const auto& text : texts) {
        auto wish = TRY(parse_feed(text));
        FeedSetting setting{std::move(wish.feed), {}};
        const auto same_name = [&](const FeedSetting& other) { return other.feed.name == setting.feed.name; };
        if (std::ranges::any_of(settings, same_name))
            return fail(Errc::malformed, fmt::format("two feeds are named {}", setting.feed.name));
        if (wish.link == Link::tls) setting.tls = TRY(http::TlsRole::server(identity));
        if (wish.link == Link::mutual_tls) {
            const auto clients = vault::read_file(wish.clients_file);
            if (!clients)
                return fail(clients.error().code,
                            fmt::format("feed {}: {}", setting.feed.name, clients.error().what));
            auto role = http::TlsRole::server(identity, {.authorities_pem = *clients});
            if (!role)
                return fail(role.error().code, fmt::format("feed {}: {} holds no certificate in PEM",
                                                           setting.feed.name, wish.clients_file));
            setting.tls = *std::move(role);
        }
        settings.push_back(std::move(setting));
    }
    return settings;
}

Result<> remap(vault::Vault& vault, const std::optional<std::string>& feed) {
    constexpr auto any_revision = std::numeric_limits<std::int64_t>::max();
    const auto messages =
        TRY(vault::replay(vault, feed.value_or(""), feed ? any_revision : mapping_revision));
    log::info("messages wait to be mapped again", {{"messages", messages}});
    return {};
}

Feeds::Feeds(vault::Vault& vault, std::vector<FeedSetting> settings)
    : vault_(vault), settings_(std::move(settings)) {
    const auto now = vault.clock().now();
    for (const auto& setting : settings_)
        served_.push_back(std::make_unique<Served>(
            vault, pace_, ids_, setting.feed, [this] { mapper_->wake(); }, now));
}

Result<std::unique_ptr<Feeds>> Feeds::open(vault::Vault& vault, std::vector<FeedSetting> settings,
                                           const mllp::ServerLimits& limits) {
    auto feeds = std::make_unique<Feeds>(vault, std::move(settings));
    TRY(feeds->recall());
    for (std::size_t i = 0; i < feeds->served_.size(); ++i) {
        auto& served = *feeds->served_[i];
        auto& setting = feeds->settings_[i];
        auto server = mllp::Server::open(
            {setting.feed.listen, std::move(setting.tls), limits},
            [&served](const hl7::Frame& frame, const mllp::Peer&) { return served.intake.take(frame); });
        if (!server)
            return fail(server.error().code, "feed " + setting.feed.name + ": " + server.error().what);
        served.server.emplace(*std::move(server));
    }
    return feeds;
}

/// What was known of the feeds before this start.
Result<> Feeds::recall() {
    const auto reader = TRY(vault_.readers().take());
    const auto known = TRY(vault::Arrivals{*reader}.times());
    for (auto& served : served_) {
        const auto& name = served->intake.feed().name;
        const auto times = std::ranges::find(known, name, &vault::FeedTimes::feed);
        if (times != known.end()) served->heard_before = times->last_heard;
        served->is_told_silent = TRY(vault::is_told_silent(vault_, name));
        if (served->is_told_silent) served->since = served->heard_before;
    }
    return {};
}

/// Servers first: what they took in is on disk and is mapped at the next start.
Feeds::~Feeds() {
    watch_ = {};
    for (auto& served : served_) served->server.reset();
}

void Feeds::start() {
    mapper_ =
        std::make_unique<Mapper>(vault_, pace_, [this](const std::string& name) { return feed_named(name); });
    for (auto& served : served_) {
        served->server->start();
        log::info("feed listens", {{"feed", served->intake.feed().name}, {"port", served->server->port()}});
    }
    watch_ = std::jthread{[this](const std::stop_token& stop) {
        Mutex mutex;   // guards nothing: who watches only sleeps
        std::condition_variable_any wake;
        Lock lock{mutex};
        while (!stop.stop_requested()) {
            watch(vault_.clock().now());
            look_up_as_of();
            wake.wait_for(lock, stop, std::chrono::seconds{1}, [] { return false; });
        }
    }};
}

Feed Feeds::feed_named(const std::string& name) const {
    for (const auto& served : served_)
        if (served->intake.feed().name == name) return served->intake.feed();
    Feed unknown;
    unknown.name = name;
    return unknown;
}

void Feeds::watch(Time now) {
    for (auto& served : served_) {
        tell_refused(*served, now);
        const auto last = std::max(served->heard_before, served->intake.last_heard());
        const bool is_silent = now - std::max(served->since, last) >= served->intake.feed().silent_after;
        const auto& name = served->intake.feed().name;
        const bool is_new = is_silent != served->is_silent.exchange(is_silent);
        if (is_new)
            log::warn(is_silent ? "feed is silent" : "feed is heard again",
                      {{"feed", name}, {"last_heard", last == Time{} ? "never" : to_instant(last)}});
        if (is_silent == served->is_told_silent) continue;
        const auto turn = is_silent ? vault::FeedTurn::silent : vault::FeedTurn::heard_again;
        const auto told = vault::tell_of_feed(vault_, name, turn, last);
        if (told) served->is_told_silent = is_silent;
        if (!told && is_new)   // it is tried again
            log::error("the record does not tell of the feed",
                       {{"feed", name}, {"reason", told.error().what}});
    }
}

/// Who sends sees an AR, an AE, or a connection that ends; this is for who runs Ward.
void Feeds::tell_refused(Served& served, Time now) {
    constexpr std::chrono::minutes pause{1};   // a sender that tries for ever does not fill the log
    if (now - served.told < pause) return;
    const auto& name = served.intake.feed().name;
    const auto intake = served.intake.counters();
    const auto messages = intake.refused;
    const auto server = served.server->counters();
    const auto connections = server.handshakes_failed + server.connections_rejected;
    const auto oddities =
        intake.duplicates + intake.repeated_ids + server.unended + server.abandoned + server.garbage_bytes;
    if (messages == served.messages_told && connections == served.connections_told &&
        oddities == served.oddities_told)
        return;
    served.told = now;
    if (oddities != std::exchange(served.oddities_told, oddities))
        log::info("feed is odd, since the start", {{"feed", name},
                                                   {"duplicates", intake.duplicates},
                                                   {"repeated_ids", intake.repeated_ids},
                                                   {"unended", server.unended},
                                                   {"abandoned", server.abandoned},
                                                   {"garbage_bytes", server.garbage_bytes}});
    if (const auto count = messages - std::exchange(served.messages_told, messages); count > 0)
        log::warn("feed refused messages",
                  {{"feed", name}, {"count", count}, {"last", served.intake.last_fault()}});
    if (const auto count = connections - std::exchange(served.connections_told, connections); count > 0) {
        const auto last = served.server->last_refused();
        log::warn("feed refused connections",
                  {{"feed", name}, {"count", count}, {"address", last.address}, {"last", last.why}});
    }
}

void Feeds::look_up_as_of() {
    const auto reader = vault_.readers().take();
    const auto states = reader ? vault::Arrivals{**reader}.times()
                               : Result<std::vector<vault::FeedTimes>>{tl::unexpected(reader.error())};
    if (!states) return;   // the next second says it
    std::string text;
    for (const auto& served : served_) {
        const auto& name = served->intake.feed().name;
        const auto state = std::ranges::find(*states, name, &vault::FeedTimes::feed);
        text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", name,
                            state == states->end() ? "never" : to_instant(state->as_of()),
                            served->is_silent ? " silent" : "");
    }
    const Lock lock{as_of_mutex_};
    as_of_ = std::move(text);
}

std::string Feeds::as_of() const {
    const Lock lock{as_of_mutex_};
    return as_of_;
}

std::vector<FeedStatus> Feeds::status() const {
    std::vector<FeedStatus> all;
    for (const auto& served : served_)
        all.push_back({served->intake.feed(), served->server->port(), served->intake.last_heard(),
                       served->is_silent, served->intake.counters(), served->server->counters()});
    return all;
}

}   // namespace ward::feeds
