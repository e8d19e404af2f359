// SPDX-License-Identifier: Apache-2.0
#include "vault/arrivals.hpp"

#include <algorithm>

#include "vault/records.hpp"
#include "wire/wire_reader.hpp"

namespace ward::vault {
namespace {

/// What these tokens are made from begins as no other's: with a scope that IndexScope does not have.
enum class Meaning : std::uint8_t { control_id = 1, text = 2 };

Token arrival_token(const TokenKey& facility, Meaning meaning, std::string_view sender,
                    std::string_view what) {
    constexpr std::uint8_t scope = 0xff;
    Buffer subject;
    append_big_endian(subject, scope);
    append_big_endian(subject, static_cast<std::uint8_t>(meaning));
    for (const auto part : {sender, what}) {
        append_big_endian(subject, static_cast<std::uint32_t>(part.size()));
        append(subject, as_bytes(part));
    }
    return facility.token(subject);
}

Time time_of(std::int64_t milliseconds) { return Time{std::chrono::milliseconds{milliseconds}}; }

}   // namespace

Token control_id_token(const TokenKey& facility, std::string_view sender, std::string_view control_id) {
    return arrival_token(facility, Meaning::control_id, sender, control_id);
}

Token message_token(const TokenKey& facility, std::string_view sender, std::string_view text) {
    return arrival_token(facility, Meaning::text, sender, text);
}

Result<std::vector<Arrival>> Arrivals::waiting(std::int64_t after, std::int64_t count) const {
    auto rows = TRY(database_->prepare(
        "SELECT seq, feed FROM arrival WHERE done IS NULL AND seq > ? ORDER BY seq LIMIT ?"));
    TRY(rows.bind(after, count));
    std::vector<Arrival> all;
    while (TRY(rows.step())) all.push_back({rows.integer(0), std::string{rows.text(1)}});
    return all;
}

Result<std::vector<UnmappedArrival>> Arrivals::unmapped(std::string_view feed, std::int64_t count) const {
    auto rows = TRY(
        database_->prepare("SELECT arrival.seq, feed, time, unmapped, places FROM arrival JOIN version ON "
                           "version.seq = arrival.seq"
                           " WHERE unmapped > 0 AND (? = '' OR feed = ?) ORDER BY arrival.seq DESC LIMIT ?"));
    TRY(rows.bind(feed, feed, count));
    std::vector<UnmappedArrival> all;
    while (TRY(rows.step()))
        all.push_back({rows.integer(0), std::string{rows.text(1)}, time_of(rows.integer(2)), rows.integer(3),
                       std::string{rows.text(4)}});
    return all;
}

Result<std::vector<FeedTimes>> Arrivals::times() const {
    auto name = TRY(database_->prepare("SELECT min(feed) FROM arrival WHERE feed > ?"));
    auto row = TRY(database_->prepare(
        "SELECT (SELECT time FROM arrival JOIN version ON version.seq = arrival.seq"
        "  WHERE feed = ? ORDER BY arrival.seq DESC LIMIT 1),"
        " (SELECT time FROM arrival JOIN version ON version.seq = arrival.seq"
        "  WHERE done IS NULL AND revision = 0 AND feed = ? ORDER BY arrival.seq LIMIT 1)"));
    std::vector<FeedTimes> all;
    for (std::string last;;) {   // one look-up a feed, however many messages there are
        TRY(name.bind(last));
        TRY(name.step());
        if (name.is_null(0)) return all;
        last = name.text(0);
        name.reset();
        TRY(row.bind(last, last));
        TRY(row.step());
        auto& times = all.emplace_back();
        times.feed = last;
        times.last_heard = time_of(row.integer(0));
        if (!row.is_null(1)) times.oldest_waiting = time_of(row.integer(1));
        row.reset();
    }
}

/// The newest messages come last, so that only those asked for are looked at.
Result<std::int64_t> Arrivals::recent(std::string_view feed, Time since) const {
    auto rows = TRY(
        database_->prepare("SELECT time FROM arrival JOIN version ON version.seq = arrival.seq WHERE feed = ?"
                           " ORDER BY arrival.seq DESC"));
    TRY(rows.bind(feed));
    std::int64_t count = 0;
    while (TRY(rows.step()) && time_of(rows.integer(0)) > since) ++count;
    return count;
}

Result<std::vector<FeedState>> Arrivals::feeds(Time now) const {
    auto counts =
        TRY(database_->prepare("SELECT (SELECT count(*) FROM arrival WHERE feed = ?),"
                               " (SELECT count(*) FROM arrival WHERE unmapped > 0 AND feed = ?),"
                               " (SELECT count(*) FROM arrival WHERE done IS NULL AND feed = ?)"));
    std::vector<FeedState> all;
    auto known = TRY(times());
    for (auto& times : known) {
        FeedState state{std::move(times)};
        state.recent = TRY(recent(state.feed, now - FeedState::window));
        TRY(counts.bind(state.feed, state.feed, state.feed));
        TRY(counts.step());
        state.messages = counts.integer(0);
        state.unmapped = counts.integer(1);
        state.waiting = counts.integer(2);
        counts.reset();
        all.push_back(std::move(state));
    }
    return all;
}

Result<std::optional<std::int64_t>> Arrivals::told_by(std::int64_t message) const {
    auto rows = TRY(database_->prepare("SELECT done FROM arrival WHERE seq = ?"));
    TRY(rows.bind(message));
    if (!TRY(rows.step()) || rows.is_null(0)) return std::optional<std::int64_t>{};
    return std::optional{rows.integer(0)};
}

Result<std::optional<std::vector<std::string>>> charts_of_message(Sealer& sealer, store::Database& reader,
                                                                  std::int64_t message) {
    const auto told_by = TRY(Arrivals{reader}.told_by(message));
    if (!told_by) return std::optional<std::vector<std::string>>{};
    const auto row = TRY(Records{reader}.at(*told_by));
    if (!row) return fail(Errc::corrupt, "what became of a message has no row");
    return std::optional{TRY(sealer.open(*row)).patients};
}

Result<std::int64_t> replay(Vault& vault, std::string_view feed, std::int64_t revision) {
    std::int64_t messages = 0;
    const auto changed = vault.change([&](store::Database& writer) -> Result<> {
        auto count = TRY(writer.prepare(
            "SELECT count(*) FROM arrival WHERE done IS NOT NULL AND revision < ? AND (? = '' OR feed = ?)"));
        TRY(count.bind(revision, feed, feed));
        TRY(count.step());
        messages = count.integer(0);
        auto rows =
            TRY(writer.prepare("UPDATE arrival SET done = NULL WHERE done IS NOT NULL AND revision < ? AND "
                               "(? = '' OR feed = ?)"));
        return rows.run(revision, feed, feed);
    });
    if (!changed) return tl::unexpected(changed.error());
    return messages;
}

}   // namespace ward::vault
