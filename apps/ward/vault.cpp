// SPDX-License-Identifier: Apache-2.0
// What the store tells of its feeds without a key: counts, times, and where in messages something stands that
// has no place in FHIR.
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <memory>

#include "apps/ward/command.hpp"
#include "apps/ward/place.hpp"
#include "core/clock.hpp"
#include "json/writer.hpp"
#include "vault/arrivals.hpp"
#include "vault/vault.hpp"

namespace ward::cli {
namespace {

struct Options {
    Place place;
    std::string feed;
    std::int64_t count = 50;
    bool json = false;
};

Result<store::Database> open_store(const Options& options) {
    const vault::VaultPaths paths{TRY(directory_of(options.place))};
    if (!std::filesystem::exists(paths.records()))
        return fail(Errc::not_found, fmt::format("{} has no records yet", paths.root.string()));
    return store::Database::open(paths.records(), store::Mode::read_only);
}

std::string heard(Time time) { return time == Time{} ? "never" : to_instant(time); }

double seconds(Time::duration duration) { return std::chrono::duration<double>{duration}.count(); }

void print_json(const std::vector<vault::FeedState>& feeds, Time now) {
    std::string text;
    json::Writer writer{text};
    writer.begin_array();
    for (const auto& feed : feeds) {
        writer.begin_object().member("feed", feed.feed).key("messages").number(feed.messages);
        writer.key("inFiveMinutes").number(feed.recent).key("waiting").number(feed.waiting);
        writer.key("unmapped").number(feed.unmapped);
        writer.key("lagSeconds").raw(fmt::format("{:.3f}", seconds(feed.lag(now))));
        if (feed.last_heard != Time{})
            writer.member("lastHeard", to_instant(feed.last_heard)).member("asOf", to_instant(feed.as_of()));
        writer.end_object();
    }
    writer.end_array();
    std::printf("%s\n", text.c_str());
}

void print_text(const std::vector<vault::FeedState>& feeds, Time now) {
    std::printf("%-12s %10s %8s %8s %8s %8s  %-24s %s\n", "feed", "messages", "per min", "waiting", "lag s",
                "unmapped", "last heard", "as of");
    constexpr auto window = static_cast<double>(vault::FeedState::window.count());
    for (const auto& feed : feeds)
        std::printf("%-12s %10lld %8.1f %8lld %8.1f %8lld  %-24s %s\n", feed.feed.c_str(),
                    static_cast<long long>(feed.messages), static_cast<double>(feed.recent) / window,
                    static_cast<long long>(feed.waiting), seconds(feed.lag(now)),
                    static_cast<long long>(feed.unmapped), heard(feed.last_heard).c_str(),
                    heard(feed.as_of()).c_str());
}

/// Adds the feeds of the configuration that have not brought anything yet.
Result<> add_unheard(const Place& place, std::vector<vault::FeedState>& feeds) {
    // The configuration that is there anyway may be another Ward's.
    if (!place.directory.empty() && place.config_file.empty()) return {};
    const auto config = TRY(load_config(place));
    for (const auto& text : config.hl7.feeds) {
        vault::FeedState state;
        state.feed = text.substr(0, text.find(' '));
        const auto same = std::ranges::find(feeds, state.feed, &vault::FeedState::feed);
        if (same == feeds.end()) feeds.push_back(std::move(state));
    }
    return {};
}

Result<Exit> feeds(const Options& options) {
    auto database = TRY(open_store(options));
    const auto now = SystemClock{}.now();
    auto all = TRY(vault::Arrivals{database}.feeds(now));
    TRY(add_unheard(options.place, all));
    options.json ? print_json(all, now) : print_text(all, now);
    return Exit::done;
}

void print_json(const std::vector<vault::UnmappedArrival>& messages) {
    std::string text;
    json::Writer writer{text};
    writer.begin_array();
    for (const auto& message : messages) {
        writer.begin_object().key("entry").number(message.seq).member("feed", message.feed);
        writer.member("received", to_instant(message.time)).key("unmapped").number(message.unmapped);
        writer.member("places", message.places).end_object();
    }
    writer.end_array();
    std::printf("%s\n", text.c_str());
}

Result<Exit> unmapped(const Options& options) {
    auto database = TRY(open_store(options));
    const vault::Arrivals arrivals{database};
    const auto known = TRY(arrivals.times());
    if (!options.feed.empty() &&
        std::ranges::find(known, options.feed, &vault::FeedTimes::feed) == known.end())
        return fail(Errc::not_found,
                    fmt::format("no feed '{}' has brought anything; `ward vault feeds` lists those that have",
                                options.feed));
    const auto all = TRY(arrivals.unmapped(options.feed, options.count));
    if (options.json) {
        print_json(all);
        return Exit::done;
    }
    for (const auto& message : all)
        std::printf("entry %lld  %s  %s  %lld: %s\n", static_cast<long long>(message.seq),
                    to_instant(message.time).c_str(), message.feed.c_str(),
                    static_cast<long long>(message.unmapped), message.places.c_str());
    return Exit::done;
}

Action reporting(const std::shared_ptr<Options>& options, Result<Exit> (*act)(const Options&)) {
    return [options, act] {
        const auto ended = act(*options);
        return ended ? *ended : report(ended.error());
    };
}

}   // namespace

void add_vault(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("vault", "Look at what feeds of messages brought");
    group->require_subcommand(1);
    auto options = std::make_shared<Options>();
    auto* list = group->add_subcommand(
        "feeds", "How each feed is: messages, rate, what waits and how long, when it was heard");
    add_place_options(*list, options->place);
    list->add_flag("--json", options->json, "Print the result as JSON");
    list->footer(
        "Everything a feed brought until its `as of` is in the record. Feeds of the configuration that\n"
        "brought nothing yet are listed where the configuration names the data, or --config is given.\n"
        "Example: ward vault feeds --data /var/lib/ward");
    list->callback([options, &chosen] { chosen = reporting(options, feeds); });
    auto* missed =
        group->add_subcommand("unmapped", "Messages of which something has no place in FHIR, newest first");
    add_place_options(*missed, options->place);
    missed->add_option("--feed", options->feed, "Only what this feed brought")->type_name("NAME");
    missed->add_option("--count", options->count, "At most so many messages")
        ->check(CLI::Range(1, 1'000'000));
    missed->add_flag("--json", options->json, "Print the result as JSON");
    missed->footer(
        "The messages themselves are kept whole: Provenance leads to each, as a Binary.\n"
        "Example: ward vault unmapped --data /var/lib/ward --feed lab");
    missed->callback([options, &chosen] { chosen = reporting(options, unmapped); });
}

}   // namespace ward::cli
