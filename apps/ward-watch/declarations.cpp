// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/declarations.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fstream>

#include "config/load.hpp"
#include "config/table.hpp"
#include "core/text.hpp"
#include "history/moment.hpp"

namespace ward::watch {
namespace {

std::vector<std::string> split_kinds(std::string_view text) {
    std::vector<std::string> kinds;
    while (!text.empty())
        if (const auto kind = trimmed(take_until(text, ',')); !kind.empty()) kinds.emplace_back(kind);
    return kinds;
}

/// Of one table of a file, what is known by name.
class Entry {
public:
    Entry(const config::Table& table, std::string place) : table_(&table), place_(std::move(place)) {}

    Result<std::string> text(std::string_view key) const {
        const auto value = table_->values.find(key);
        if (value == table_->values.end())
            return fail(Errc::malformed, fmt::format("{}: no {}", place_, key));
        const auto* text = std::get_if<std::string>(&value->second);
        if (text == nullptr) return fail(Errc::malformed, fmt::format("{}: {} is no text", place_, key));
        return *text;
    }
    Result<event::Time> time(std::string_view key, event::Time now) const {
        const auto written = TRY(text(key));
        const auto last = written.empty() ? '\0' : written.back();
        const auto time = history::parse_moment(written, now);
        // How long from now says something else each time that the file is read.
        if (!time || last == 'm' || last == 'h' || last == 'd')
            return fail(Errc::malformed, fmt::format("{}: {} is no date: {}", place_, key, written));
        return *time;
    }
    bool has(std::string_view key) const { return table_->values.contains(key); }

    Result<> check_keys() const {
        constexpr std::array<std::string_view, 6> known{"host", "kinds", "from", "until", "reason", "by"};
        for (const auto& [key, value] : table_->values)
            if (std::ranges::find(known, key) == known.end())
                return fail(Errc::malformed, fmt::format("{}: {} is not known", place_, key));
        if (!table_->tables.empty())
            return fail(Errc::malformed,
                        fmt::format("{}: {} is not known", place_, table_->tables.begin()->first));
        return {};
    }

private:
    const config::Table* table_;
    std::string place_;
};

Result<desk::Declaration> read_one(const Entry& entry, desk::Declared what, event::Time now) {
    TRY(entry.check_keys());
    desk::Declaration one{.what = what};
    one.host = TRY(entry.text("host"));
    if (entry.has("kinds")) one.kinds = split_kinds(TRY(entry.text("kinds")));
    one.from = TRY(entry.time("from", now));
    one.until = TRY(entry.time("until", now));
    one.reason = TRY(entry.text("reason"));
    one.by = TRY(entry.text("by"));
    return one;
}

Result<std::string> whole_text(const std::string& file) {
    std::ifstream input{file, std::ios::binary};
    if (!input) return fail(Errc::not_found, file + ": cannot be read");
    std::string text(config::file_bytes_max + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(input.gcount()));
    if (text.size() > config::file_bytes_max)
        return fail(Errc::limit_exceeded,
                    fmt::format("{}: more than {} bytes", file, config::file_bytes_max));
    return text;
}

}   // namespace

Result<std::optional<event::Time>> moment_ahead(const std::string& text, const char* option,
                                                event::Time now) {
    if (text.empty()) return std::nullopt;
    const auto time = history::parse_moment(text, now);
    if (!time) return fail(Errc::malformed, std::string{option} + " " + text + ": no time");
    const auto last = text.back();
    return last == 'm' || last == 'h' || last == 'd' ? now + (now - *time) : *time;
}

Result<desk::Declaration> declaration_of(const DeskOptions& options, event::Time now) {
    desk::Declaration one{.what = options.scanner ? desk::Declared::scanner : desk::Declared::window,
                          .host = options.host,
                          .kinds = options.kinds,
                          .reason = options.reason,
                          .by = options.by};
    const auto from = TRY(moment_ahead(options.from, "--from", now));
    const auto until = TRY(moment_ahead(options.until, "--until", now));
    one.from = from.value_or(now);
    one.until = until.value_or(now);
    return one;
}

Result<std::vector<desk::Declaration>> read_declarations(const std::string& file, event::Time now) {
    const auto text = TRY(whole_text(file));
    const auto table = TRY(config::parse_table(text, file));
    if (!table.values.empty())
        return fail(Errc::malformed, fmt::format("{}: {} stands in no [[window]] or [[scanner]]", file,
                                                 table.values.begin()->first));
    std::vector<desk::Declaration> all;
    for (const auto& [name, entries] : table.tables) {
        if (name != "scanner" && name != "window")
            return fail(Errc::malformed, fmt::format("{}: [[{}]] is not known", file, name));
        for (const auto& entry : entries)
            all.push_back(
                TRY(read_one({entry, fmt::format("{}:{}", file, entry.line)},
                             name == "scanner" ? desk::Declared::scanner : desk::Declared::window, now)));
    }
    return all;
}

}   // namespace ward::watch
