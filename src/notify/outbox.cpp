// SPDX-License-Identifier: Apache-2.0
#include "notify/outbox.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/text.hpp"
#include "store/migrations.hpp"

namespace ward::notify {
namespace {

constexpr std::array channels{Channel::webhook, Channel::mail, Channel::syslog};

// States of a message. Lists are texts with a line for each.
constexpr int pending = 0, was_sent = 1, was_given_up = 2;

constexpr std::array migrations{store::Migration{"outbox", R"(
CREATE TABLE notice (
    number {integer} PRIMARY KEY, id TEXT NOT NULL UNIQUE, thread TEXT NOT NULL, what {integer} NOT NULL,
    in_case {integer} NOT NULL, level {integer} NOT NULL, risk {integer} NOT NULL, sentence TEXT NOT NULL,
    kinds TEXT NOT NULL, machines TEXT NOT NULL, at {integer} NOT NULL, harmless_if TEXT NOT NULL,
    indicator TEXT NOT NULL, sites TEXT NOT NULL, kept {integer} NOT NULL
){strict};
CREATE TABLE message (
    number {integer} PRIMARY KEY, channel {integer} NOT NULL, made {integer} NOT NULL,
    parents TEXT NOT NULL, pages {integer} NOT NULL, state {integer} NOT NULL, tries {integer} NOT NULL,
    due {integer} NOT NULL
){strict};
CREATE INDEX message_state ON message (channel, state, due);
CREATE TABLE delivery (
    channel {integer} NOT NULL, notice {integer} NOT NULL, message {integer},
    PRIMARY KEY (channel, notice)
){clustered};
CREATE INDEX delivery_message ON delivery (message);
CREATE TABLE thread (
    channel {integer} NOT NULL, thread TEXT NOT NULL, first TEXT NOT NULL, last_used {integer} NOT NULL,
    PRIMARY KEY (channel, thread)
){clustered};
)"},
                                store::Migration{"what was told of cases", R"(
CREATE TABLE told (
    thread TEXT PRIMARY KEY, risk_class {integer} NOT NULL, level {integer} NOT NULL,
    round {integer} NOT NULL, last_used {integer} NOT NULL
){clustered};
)"}};

constexpr std::string_view notice_columns =
    "n.id, n.thread, n.what, n.in_case, n.level, n.risk, n.sentence, n.kinds, n.machines, n.at, "
    "n.harmless_if, n.indicator, n.sites";

std::int64_t to_integer(Time time) { return time.time_since_epoch().count(); }
Time to_time(std::int64_t milliseconds) { return Time{std::chrono::milliseconds{milliseconds}}; }
int to_integer(Channel channel) { return static_cast<int>(channel); }

std::vector<std::string> lines(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) out.emplace_back(take_until(text, '\n'));
    return out;
}

Notice notice_of(const store::Statement& row) {
    return {.id = std::string{row.text(0)},
            .thread = std::string{row.text(1)},
            .what = static_cast<What>(row.integer(2)),
            .in_case = row.integer(3),
            .level = static_cast<int>(row.integer(4)),
            .risk = static_cast<int>(row.integer(5)),
            .sentence = std::string{row.text(6)},
            .kinds = lines(row.text(7)),
            .machines = lines(row.text(8)),
            .at = to_time(row.integer(9)),
            .harmless_if = std::string{row.text(10)},
            .indicator = std::string{row.text(11)},
            .sites = lines(row.text(12))};
}

}   // namespace

std::string_view name(Channel channel) {
    switch (channel) {
        case Channel::webhook: return "webhook";
        case Channel::mail: return "mail";
        case Channel::syslog: return "syslog";
    }
    return "";
}

Result<Outbox> Outbox::open(const std::filesystem::path& folder, OutboxLimits limits) {
    auto database =
        TRY(store::Database::open(folder / file_name, store::Mode::read_write_create, {.cache_kib = 1024}));
    TRY(store::migrate(database, "notify", migrations));
    return Outbox{std::move(database), limits};
}

Result<bool> Outbox::add(const Notice& notice, Time now) {
    auto insert = TRY(database_.prepare(
        "INSERT INTO notice (id, thread, what, in_case, level, risk, sentence, kinds, machines, at, "
        "harmless_if, indicator, sites, kept) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO NOTHING"));
    const auto kinds = joined(notice.kinds, "\n"), machines = joined(notice.machines, "\n"),
               sites = joined(notice.sites, "\n");
    TRY(insert.run(notice.id, notice.thread, static_cast<int>(notice.what), notice.in_case, notice.level,
                   notice.risk, notice.sentence, kinds, machines, to_integer(notice.at), notice.harmless_if,
                   notice.indicator, sites, to_integer(now)));
    return database_.changes() > 0;
}

Result<> Outbox::remember(const Told& told, Time now) {
    for (const auto& [thread, one] : told) {
        auto put = TRY(database_.prepare(
            "INSERT INTO told (thread, risk_class, level, round, last_used) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (thread) DO UPDATE SET risk_class = excluded.risk_class, level = excluded.level, "
            "round = excluded.round, last_used = excluded.last_used"));
        TRY(put.run(thread, one.risk_class, one.level, one.round, to_integer(now)));
    }
    return {};
}

Result<Told> Outbox::told() {
    Told all;
    auto rows = TRY(database_.prepare("SELECT thread, risk_class, level, round FROM told"));
    while (TRY(rows.step()))
        all[std::string{rows.text(0)}] = {.risk_class = static_cast<int>(rows.integer(1)),
                                          .level = static_cast<int>(rows.integer(2)),
                                          .round = static_cast<int>(rows.integer(3))};
    return all;
}

Result<Outbox::Kept> Outbox::keep(std::span<const Notice> notices, const Told& told,
                                  std::span<const Channel> channels, Time now) {
    Kept kept;
    auto transaction = TRY(store::Transaction::begin(database_));
    TRY(remember(told, now));
    for (const auto& notice : notices) {
        // Its row may be forgotten already, so that only the time says that it is not new.
        if (now - notice.at > limits_.kept) {
            ++kept.known;
            continue;
        }
        if (!TRY(add(notice, now))) {
            ++kept.known;
            continue;
        }
        ++kept.added;
        if (now - notice.at > limits_.told_within) {
            ++kept.too_old;
            continue;
        }
        for (const auto channel : channels) {
            auto deliver = TRY(database_.prepare(
                "INSERT INTO delivery (channel, notice, message) SELECT ?, number, NULL FROM notice "
                "WHERE id = ?"));
            TRY(deliver.run(to_integer(channel), notice.id));
        }
    }
    TRY(transaction.commit());
    return kept;
}

Result<std::size_t> Outbox::gather(Time now) {
    std::size_t given_up = 0;
    for (const auto channel : channels) given_up += TRY(gather(channel, now));
    return given_up;
}

Result<std::size_t> Outbox::gather(Channel channel, Time now) {
    struct Waiting {
        std::int64_t number;
        bool pages;
        Time kept;
    };
    std::vector<Waiting> waiting;
    {
        auto rows = TRY(database_.prepare(
            "SELECT n.number, n.what, n.level, n.kept FROM delivery d JOIN notice n ON n.number = d.notice "
            "WHERE d.channel = ? AND d.message IS NULL ORDER BY n.number"));
        TRY(rows.bind(to_integer(channel)));
        while (TRY(rows.step())) {
            const Notice seen{.what = static_cast<What>(rows.integer(1)),
                              .level = static_cast<int>(rows.integer(2))};
            waiting.push_back({rows.integer(0), seen.pages(), to_time(rows.integer(3))});
        }
    }
    if (waiting.empty()) return 0;
    auto transaction = TRY(store::Transaction::begin(database_));
    for (const bool pages : {true, false}) {
        std::vector<std::int64_t> numbers;
        bool is_time = pages;
        for (const auto& one : waiting)
            if (one.pages == pages) {
                numbers.push_back(one.number);
                is_time = is_time || now - one.kept >= limits_.gathered || now < one.kept;
            }
        is_time = is_time || numbers.size() >= limits_.notices_max;
        for (std::span<const std::int64_t> rest{numbers}; is_time && !rest.empty();) {
            const auto size = std::min(rest.size(), limits_.notices_max);
            TRY(make_message(channel, rest.first(size), now));
            rest = rest.subspan(size);
        }
    }
    const auto given_up = TRY(give_up_past_limit(channel, now));
    TRY(transaction.commit());
    return given_up;
}

Result<> Outbox::make_message(Channel channel, std::span<const std::int64_t> notices, Time now) {
    auto insert =
        TRY(database_.prepare("INSERT INTO message (channel, made, parents, pages, state, tries, due) VALUES "
                              "(?, ?, '', 0, ?, 0, ?) "
                              "RETURNING number"));
    TRY(insert.bind(to_integer(channel), to_integer(now), pending, to_integer(now)));
    if (!TRY(insert.step())) return fail(Errc::corrupt, "outbox: a message has no number");
    const auto number = insert.integer(0);
    if (TRY(insert.step())) return fail(Errc::corrupt, "outbox: a message has two numbers");
    for (const auto notice : notices) {
        auto put = TRY(database_.prepare("UPDATE delivery SET message = ? WHERE channel = ? AND notice = ?"));
        TRY(put.run(number, to_integer(channel), notice));
    }
    const auto made = TRY(message(number));
    std::vector<std::string> parents;
    for (const auto& notice : made.notices) {
        auto find = TRY(database_.prepare("SELECT first FROM thread WHERE channel = ? AND thread = ?"));
        TRY(find.bind(to_integer(channel), notice.thread));
        if (TRY(find.step()))
            if (const std::string first{find.text(0)};
                first != made.id && std::ranges::find(parents, first) == parents.end())
                parents.push_back(first);
        find.reset();
        auto remember = TRY(
            database_.prepare("INSERT INTO thread (channel, thread, first, last_used) VALUES (?, ?, ?, ?) "
                              "ON CONFLICT (channel, thread) DO UPDATE SET last_used = excluded.last_used"));
        TRY(remember.run(to_integer(channel), notice.thread, made.id, to_integer(now)));
    }
    auto finish = TRY(database_.prepare("UPDATE message SET parents = ?, pages = ? WHERE number = ?"));
    const auto text = joined(parents, "\n");
    return finish.run(text, made.pages() ? 1 : 0, number);
}

Result<std::size_t> Outbox::give_up_past_limit(Channel channel, Time now) {
    auto oldest = TRY(database_.prepare(
        "UPDATE message SET state = ?, due = ? WHERE number IN (SELECT number FROM message WHERE "
        "channel = ? AND state = ? ORDER BY pages DESC, number DESC LIMIT 1000000000 OFFSET ?)"));
    TRY(oldest.run(was_given_up, to_integer(now), to_integer(channel), pending,
                   static_cast<std::int64_t>(limits_.pending_max)));
    return static_cast<std::size_t>(database_.changes());
}

Result<Message> Outbox::message(std::int64_t number) {
    Message made;
    auto row = TRY(database_.prepare("SELECT made, parents FROM message WHERE number = ?"));
    TRY(row.bind(number));
    if (!TRY(row.step())) return fail(Errc::corrupt, "outbox: a message is gone");
    made.made = to_time(row.integer(0));
    made.parents = lines(row.text(1));
    auto rows = TRY(database_.prepare("SELECT " + std::string{notice_columns} +
                                      " FROM delivery d JOIN notice n ON n.number = d.notice WHERE "
                                      "d.message = ? ORDER BY n.number"));
    TRY(rows.bind(number));
    while (TRY(rows.step())) made.notices.push_back(notice_of(rows));
    if (made.notices.empty()) return fail(Errc::corrupt, "outbox: a message is empty");
    made.id = made.notices.front().id;
    return made;
}

Result<std::vector<Pending>> Outbox::due(Channel channel, Time now) {
    constexpr int at_once = 50;
    std::vector<std::int64_t> numbers;
    {
        auto rows =
            TRY(database_.prepare("SELECT number FROM message WHERE channel = ? AND state = ? AND due <= ? "
                                  "ORDER BY pages DESC, number LIMIT ?"));
        TRY(rows.bind(to_integer(channel), pending, to_integer(now), at_once));
        while (TRY(rows.step())) numbers.push_back(rows.integer(0));
    }
    std::vector<Pending> all;
    for (const auto number : numbers) all.push_back({number, TRY(message(number))});
    return all;
}

Result<> Outbox::sent(std::int64_t number, Time now) {
    auto done = TRY(database_.prepare("UPDATE message SET state = ?, due = ? WHERE number = ?"));
    return done.run(was_sent, to_integer(now), number);
}

Result<Outbox::After> Outbox::failed(std::int64_t number, Time now) {
    std::int64_t tries = 0;
    Time made{};
    {
        auto row = TRY(database_.prepare("SELECT tries, made FROM message WHERE number = ?"));
        TRY(row.bind(number));
        if (!TRY(row.step())) return fail(Errc::corrupt, "outbox: a message is gone");
        tries = row.integer(0) + 1;
        made = to_time(row.integer(1));
    }
    const bool is_hopeless = now - made >= limits_.given_up_after;
    const auto doubled = limits_.first_pause * (1LL << std::min<std::int64_t>(tries - 1, 20));
    const auto pause = std::min<std::chrono::seconds>(doubled, limits_.pause_max);
    auto update = TRY(database_.prepare("UPDATE message SET state = ?, tries = ?, due = ? WHERE number = ?"));
    TRY(update.run(is_hopeless ? was_given_up : pending, tries, to_integer(is_hopeless ? now : now + pause),
                   number));
    return is_hopeless ? After::given_up : After::tried_again;
}

Result<> Outbox::forget(Time now) {
    const auto before = to_integer(now - limits_.kept);
    auto transaction = TRY(store::Transaction::begin(database_));
    for (const auto* sql :
         {"DELETE FROM delivery WHERE message IN (SELECT number FROM message WHERE state <> 0 AND due < ?)",
          "DELETE FROM message WHERE state <> 0 AND due < ?",
          "DELETE FROM notice WHERE at < ? AND number NOT IN (SELECT notice FROM delivery)",
          "DELETE FROM thread WHERE last_used < ?"}) {
        auto statement = TRY(database_.prepare(sql));
        TRY(statement.run(before));
    }
    auto forget_told = TRY(database_.prepare("DELETE FROM told WHERE last_used < ?"));
    TRY(forget_told.run(to_integer(now - limits_.told_kept)));
    return transaction.commit();
}

Result<Outbox::Counts> Outbox::counts(Channel channel) {
    Counts counts;
    auto waiting =
        TRY(database_.prepare("SELECT COUNT(*) FROM delivery WHERE channel = ? AND message IS NULL"));
    TRY(waiting.bind(to_integer(channel)));
    if (TRY(waiting.step())) counts.waiting = waiting.integer(0);
    auto rows = TRY(database_.prepare(
        "SELECT state, COUNT(*), MAX(tries) FROM message WHERE channel = ? GROUP BY state"));
    TRY(rows.bind(to_integer(channel)));
    while (TRY(rows.step())) {
        const auto state = rows.integer(0);
        (state == pending    ? counts.pending
         : state == was_sent ? counts.sent
                             : counts.given_up) = rows.integer(1);
        if (state == pending) counts.tries = rows.integer(2);
    }
    return counts;
}

}   // namespace ward::notify
