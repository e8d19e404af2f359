// SPDX-License-Identifier: Apache-2.0
#include "history/history.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/file.h>

#include "event/timestamp.hpp"
#include "history/indexed.hpp"

namespace ward::history {
namespace {

constexpr std::size_t days_open_max = 4;

/// Events of what is, by the hospital's clocks, tomorrow: clocks differ.
constexpr std::chrono::days ahead_max{1};

constexpr std::uint64_t sequence_max = std::uint64_t{1} << 62U;   // SQL's integers are signed

}   // namespace

Result<History> History::open(const std::filesystem::path& folder, const Clock& clock, Keeping keeping) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(Errc::unavailable, folder.string() + ": " + error.message());
    UniqueFd lock{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!lock) return fail(Errc::unavailable, folder.string() + ": cannot be opened");
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::conflict, folder.string() + ": another program stores events there");
    auto state = TRY(store::Database::open(state_path(folder), store::Mode::read_write_create));
    TRY(store::migrate(state, state_module, state_steps));
    Roster roster;
    TRY(roster.load(state));
    return History{folder, std::move(lock), clock, keeping, std::move(state), std::move(roster)};
}

Result<History::Publisher*> History::find_publisher(std::string_view name) {
    const auto known = publishers_.find(name);
    if (known != publishers_.end()) return &known->second;
    auto query =
        TRY(state_.prepare("SELECT watermark, missing, refused, misdated FROM publisher WHERE name = ?"));
    TRY(query.bind(name));
    Publisher publisher;
    if (TRY(query.step())) {
        const auto column = [&](int number) { return static_cast<std::uint64_t>(query.integer(number)); };
        publisher = {column(0), column(1), column(2), column(3)};
    }
    return &publishers_.emplace(name, publisher).first->second;
}

Result<std::uint64_t> History::watermark(std::string_view publisher) {
    return TRY(find_publisher(publisher))->watermark;
}

Result<Known> History::watermarks() {
    auto query = TRY(state_.prepare("SELECT name, watermark FROM publisher"));
    Known all;
    while (TRY(query.step())) all.emplace(query.text(0), static_cast<std::uint64_t>(query.integer(1)));
    return all;
}

bool History::is_misdated(DayOfEvents day, Class kind) const {
    const auto today = std::chrono::floor<std::chrono::days>(clock_->now());
    return day > today + ahead_max || day + keeping_.days(kind) < today;
}

History::Sorted History::sort(const Batch& batch, std::uint64_t known) {
    Sorted sorted;
    sorted.keys.reserve(batch.lines.size());
    auto sequence = batch.first_sequence;
    for (const auto line : batch.lines) {
        const auto own = sequence++;
        if (own <= known) continue;
        const auto event = line.size() > line_bytes_max || line.find('\n') != std::string_view::npos
                               ? fail(Errc::malformed, "no line")
                               : json::Document::parse(std::string{line});
        const auto at = event ? event::parse_timestamp((*event)["timestamp"].text()) : std::nullopt;
        if (!at) {
            ++sorted.refused;
            continue;
        }
        const auto day = std::chrono::floor<std::chrono::days>(*at);
        const auto kind = class_of((*event)["event_type"].text());
        if (is_misdated(day, kind)) {
            ++sorted.misdated;
            continue;
        }
        auto& keys = sorted.keys.emplace_back();
        append_keys(event->root(), keys);
        const auto microseconds =
            std::chrono::duration_cast<std::chrono::microseconds>(at->time_since_epoch()).count();
        sorted.days[day].push_back({own, microseconds, kind, line, keys});
        roster_.note(event->root(), microseconds);
    }
    return sorted;
}

Result<Day*> History::open_day(DayOfEvents date) {
    const auto known = std::ranges::find(days_, date, &OpenDay::date);
    if (known != days_.end()) {
        days_.splice(days_.begin(), days_, known);
    } else {
        auto day = TRY(Day::open(day_path(folder_, date)));
        if (days_.size() == days_open_max) {
            TRY(days_.back().day.seal());
            days_.pop_back();
        }
        days_.push_front({date, std::move(day)});
    }
    return &days_.front().day;
}

Result<std::uint64_t> History::append_sorted(const Batch& batch, std::uint64_t last, const Sorted& sorted) {
    std::uint64_t stored = 0;
    for (const auto& [date, arrivals] : sorted.days) {
        auto* const day = TRY(open_day(date));
        stored += TRY(day->append(batch.publisher, last, arrivals));
    }
    return stored;
}

Result<> History::save(std::string_view name, const Publisher& publisher) {
    auto update =
        TRY(state_.prepare("INSERT INTO publisher (name, watermark, missing, refused, misdated)"
                           " VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                           " watermark = excluded.watermark, missing = excluded.missing,"
                           " refused = excluded.refused, misdated = excluded.misdated"));
    const auto column = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    auto saving = TRY(store::Transaction::begin(state_));
    TRY(update.run(name, column(publisher.watermark), column(publisher.missing), column(publisher.refused),
                   column(publisher.misdated)));
    TRY(roster_.save(state_));
    return saving.commit();
}

Result<std::uint64_t> History::append(const Batch& batch) {
    if (batch.lines.size() > batch_lines_max) return fail(Errc::limit_exceeded, "a batch has too many lines");
    if (batch.publisher.empty() || batch.publisher.size() > publisher_bytes_max)
        return fail(Errc::malformed, "a publisher has no name, or too long a one");
    if (batch.first_sequence == 0 || batch.first_sequence > sequence_max)
        return fail(Errc::malformed, "a batch is numbered out of range");
    auto& known = *TRY(find_publisher(batch.publisher));
    const auto last = batch.first_sequence + batch.lines.size() - 1;
    if (batch.lines.empty() || last <= known.watermark) {
        counts_.repeated += batch.lines.size();
        return known.watermark;
    }
    const auto sorted = sort(batch, known.watermark);
    const auto stored = append_sorted(batch, last, sorted);
    if (!stored) {
        days_.clear();   // they may know what their files do not
        return tl::unexpected(stored.error());
    }
    auto next = known;
    next.watermark = last;
    next.missing += std::max(batch.first_sequence, known.watermark + 1) - known.watermark - 1;
    next.refused += sorted.refused;
    next.misdated += sorted.misdated;
    TRY(save(batch.publisher, next));
    counts_.stored += *stored;
    counts_.repeated += batch.lines.size() - *stored - sorted.refused - sorted.misdated;
    counts_.missing += next.missing - known.missing;
    counts_.refused += sorted.refused;
    counts_.misdated += sorted.misdated;
    known = next;
    return last;
}

}   // namespace ward::history
