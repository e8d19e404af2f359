// SPDX-License-Identifier: Apache-2.0
#include "history/files.hpp"

#include <algorithm>

#include "event/timestamp.hpp"

namespace ward::history {
namespace {

constexpr std::string_view before = "events-", behind = ".db";

std::optional<DayOfEvents> day_of_name(std::string_view name) {
    if (!name.starts_with(before) || !name.ends_with(behind)) return std::nullopt;
    name.remove_prefix(before.size());
    name.remove_suffix(behind.size());
    const auto midnight = event::parse_timestamp(std::string{name} + "T00:00:00Z");
    if (!midnight) return std::nullopt;
    return std::chrono::floor<std::chrono::days>(*midnight);
}

}   // namespace

std::filesystem::path state_path(const std::filesystem::path& folder) { return folder / "state.db"; }

std::filesystem::path day_path(const std::filesystem::path& folder, DayOfEvents day) {
    std::string text;
    event::append_text(text, day);
    return folder / (std::string{before} + text.substr(0, text.find('T')) + std::string{behind});
}

Result<std::vector<DayOfEvents>> days_in(const std::filesystem::path& folder) {
    std::vector<DayOfEvents> days;
    std::error_code error;
    for (std::filesystem::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error))
        if (const auto day = day_of_name(at->path().filename().string())) days.push_back(*day);
    if (error) return fail(Errc::not_found, folder.string() + ": " + error.message());
    std::ranges::sort(days);
    return days;
}

}   // namespace ward::history
