// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/keep.hpp"

#include <chrono>
#include <cstdio>
#include <fmt/format.h>

#include "apps/ward-watch/desk.hpp"
#include "apps/ward-watch/input.hpp"
#include "config/nearest.hpp"
#include "confine/confine.hpp"
#include "core/output.hpp"
#include "crypto/hash.hpp"
#include "history/find.hpp"
#include "history/history.hpp"
#include "history/indexed.hpp"
#include "history/moment.hpp"
#include "history/telling.hpp"
#include "history/vocabulary.hpp"

namespace ward::watch {
namespace {

void tell(const std::string& text) { fmt::print(stderr, "{}\n", text); }

/// The lines of one file, in batches. What they are dated decides which days may be stored, not today's date:
/// a capture may be old.
class Filing {
public:
    Filing(const std::filesystem::path& folder, std::optional<foreign::Sensor> from)
        : folder_(folder), from_(from) {}

    Result<> open() {
        history_.emplace(TRY(history::History::open(folder_, clock_)));
        return {};
    }

    Result<> take_all(const std::string& file) {
        publisher_.clear();
        next_ = 1;
        Result<> stored;
        const auto read = read_file(
            file, from_, [&](std::string_view line) { take(line, stored); }, [&] { take({}, stored, true); },
            foreign_);
        if (stored) stored = finish();
        if (!stored) return stored;
        return read;
    }

    const history::Counts& counts() const { return history_->counts(); }
    std::uint64_t torn() const { return torn_; }
    const foreign::Counts& foreign() const { return foreign_; }

private:
    static constexpr std::size_t lines_max = 8'192;
    static constexpr std::size_t bytes_max = std::size_t{8} << 20U;

    void take(std::string_view line, Result<>& stored, bool is_too_long = false) {
        if (!stored || (line.empty() && !is_too_long)) return;
        if (ends_.size() >= lines_max || text_.size() >= bytes_max) stored = flush();
        if (publisher_.empty()) {
            const auto digest = crypto::sha256(as_bytes(line));
            publisher_ = "file-" + to_hex(Bytes{digest}.first(8));
        }
        ends_.push_back(text_.size() + line.size());
        text_ += line;
    }

    /// The last line of a file that is being written may be half of one. It gets no number: the whole one
    /// will.
    Result<> finish() {
        const auto begin = ends_.size() < 2 ? 0 : ends_[ends_.size() - 2];
        if (!ends_.empty() && !json::Document::parse(text_.substr(begin))) {
            ++torn_;
            text_.resize(begin);
            ends_.pop_back();
        }
        return flush();
    }

    Result<> flush() {
        std::vector<std::string_view> lines;
        std::size_t begin = 0;
        for (const auto end : ends_) {
            lines.push_back(std::string_view{text_}.substr(begin, end - begin));
            begin = end;
        }
        if (lines.empty()) return {};
        set_clock(lines);
        TRY(history_->append({.publisher = publisher_, .first_sequence = next_, .lines = lines}));
        next_ += lines.size();
        ends_.clear();
        text_.clear();
        return {};
    }

    void set_clock(const std::vector<std::string_view>& lines) {
        for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
            const auto event = json::Document::parse(std::string{*line});
            const auto at = event ? event::parse_timestamp((*event)["timestamp"].text()) : std::nullopt;
            if (!at) continue;
            clock_.advance(std::chrono::floor<std::chrono::milliseconds>(*at) - clock_.now());
            return;
        }
    }

    std::filesystem::path folder_;
    ManualClock clock_{Time{}};
    std::optional<history::History> history_;
    std::string publisher_;
    std::uint64_t next_ = 1;
    std::string text_;
    std::vector<std::size_t> ends_;
    std::uint64_t torn_ = 0;
    std::optional<foreign::Sensor> from_;
    foreign::Counts foreign_;
};

Result<history::Question> question(const EventsOptions& options) {
    auto filter = history::parse_filter(options.query);
    if (!filter) return fail(Errc::malformed, "the query, " + filter.error().what);
    history::Question question{.filter = std::move(*filter), .limit = options.limit};
    question.since = TRY(moment(options.since, "--since"));
    question.until = TRY(moment(options.until, "--until"));
    if (options.after.empty()) return question;
    question.after = history::parse_place(options.after);
    if (!question.after) return fail(Errc::malformed, "--after " + options.after + ": no place");
    return question;
}

/// Says on standard error how far it is, each second from the second one on.
class Patience {
public:
    void see(history::DayOfEvents day, const history::Effort& effort) {
        using Steady = std::chrono::steady_clock;
        if (Steady::now() < next_) return;
        next_ = Steady::now() + std::chrono::seconds{1};
        std::string text;
        event::append_text(text, day);
        tell(fmt::format("at {}: {} events looked at", text.substr(0, text.find('T')), effort.events));
    }

private:
    std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now() + std::chrono::seconds{1};
};

/// Where nothing was found: is a field asked for that no event has?
void tell_unknown(const std::string& folder, const history::Filter& filter) {
    constexpr std::size_t events = 2'000;
    history::Names known;
    for (const auto& field : history::indexed_fields()) known.emplace(field.path);
    const auto newest = history::find(folder, {.filter = {}, .limit = events},
                                      [](history::DayOfEvents, const history::Effort&) {});
    for (const auto& hit : newest ? newest->hits : std::vector<history::Hit>{})
        if (const auto event = json::Document::parse(hit.line)) history::add_names(event->root(), known);
    const std::vector<std::string> names{known.begin(), known.end()};
    for (const auto& name : history::names_in(filter))
        if (!known.contains(name))
            tell(fmt::format("ward-watch: none of the newest events has {}; is {} meant?", name,
                             config::nearest(name, names)));
}

}   // namespace

Result<> confine_to([[maybe_unused]] const confine::Folders& folders) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)   // which need more of the kernel
    TRY(confine::confine(confine::Role::vault, folders));
#endif
    return {};
}

Result<std::optional<event::Time>> moment(const std::string& text, const char* option) {
    if (text.empty()) return std::nullopt;
    const auto time = history::parse_moment(text, SystemClock{}.now());
    if (!time) return fail(Errc::malformed, std::string{option} + " " + text + ": no time");
    return time;
}

Result<> store_events(const CommandOptions& options) {
    TRY(check_inputs(options.files, ""));
    std::error_code error;
    std::filesystem::create_directories(options.folder, error);
    if (error) return fail(Errc::unavailable, options.folder + ": " + error.message());
    confine::Folders folders{.read = {}, .read_write = {options.folder}};
    for (const auto& file : options.files)
        if (file != "-") folders.read.emplace_back(file);
    TRY(confine_to(folders));
    Filing filing{options.folder, foreign::sensor_named(options.from)};
    TRY(filing.open());
    Result<> done;
    for (const auto& file : options.files)
        if (done) done = filing.take_all(file);
    const auto& counts = filing.counts();
    tell(fmt::format("{} events stored", counts.stored));
    if (counts.repeated > 0) tell(fmt::format("ward-watch: {} were there already", counts.repeated));
    if (const auto refused = counts.refused + filing.torn(); refused > 0)
        tell(fmt::format("ward-watch: {} lines are no events, and were passed over", refused));
    if (const auto left_out = filing.foreign().left_out; left_out > 0)
        tell(fmt::format("ward-watch: {} lines say what no event of Ward has, and were left out", left_out));
    if (counts.misdated > 0)
        tell(
            fmt::format("ward-watch: {} events are from long before or after those beside them, and were "
                        "passed over",
                        counts.misdated));
    return done;
}

Result<> forget_events(const CommandOptions& options) {
    if (!options.cases.empty()) return forget_cases(options);
    TRY(confine_to({.read = {}, .read_write = {options.folder}}));
    const SystemClock clock;
    auto history = TRY(history::History::open(options.folder, clock, options.keeping));
    const auto forgotten = TRY(history.forget());
    tell(fmt::format("{} days forgotten, and parts of {} others", forgotten.days, forgotten.parts));
    return {};
}

Result<> write_events(const EventsOptions& options) {
    const auto asked = TRY(question(options));
    TRY(confine_to({.read = {}, .read_write = {options.folder}}));
    auto output = TRY(Output::open(""));
    Patience patience;
    const auto page = TRY(history::find(
        options.folder, asked,
        [&](history::DayOfEvents day, const history::Effort& effort) { patience.see(day, effort); }));
    std::string text;
    for (const auto& hit : page.hits) text += (options.json ? hit.line : history::telling(hit.line)) + "\n";
    TRY(output.write(text));
    TRY(output.close());
    if (page.hits.empty()) tell_unknown(options.folder, asked.filter);
    if (page.more && !page.hits.empty())
        tell("there are more: --after " + history::to_text(page.hits.back().place));
    for (const auto& damage : page.damage) tell("ward-watch: " + damage);
    if (!page.damage.empty()) return fail(Errc::corrupt, "not all events could be read");
    return {};
}

}   // namespace ward::watch
