// SPDX-License-Identifier: Apache-2.0
// A store in a folder of its own, and events in words.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "core/scratch_folder.hpp"
#include "history/find.hpp"
#include "history/history.hpp"

namespace ward::history {

constexpr std::chrono::sys_days monday{std::chrono::year{2026} / 3 / 2};

/// A line of EVE, so long after Monday began.
inline std::string event_at(std::chrono::milliseconds since, std::string_view rest) {
    std::string time;
    event::append_text(time, event::Time{monday} + since);
    return fmt::format(R"({{"timestamp":"{}",{}}})", time, rest);
}

inline std::string flow_at(std::chrono::milliseconds since, std::string_view from, std::string_view to) {
    return event_at(
        since, fmt::format(R"("event_type":"flow","src_ip":"{}","dest_ip":"{}","dest_port":443)", from, to));
}

inline std::string question_at(std::chrono::milliseconds since, std::string_view name) {
    return event_at(since, fmt::format(R"("event_type":"dns","src_ip":"10.0.0.7","dest_ip":"10.0.0.1",)"
                                       R"("dest_port":53,"app_proto":"dns","dns":{{"rrname":"{}"}})",
                                       name));
}

class Storing : public ::testing::Test {
protected:
    Result<History> open(Keeping keeping = {}) { return History::open(folder_.path(), clock_, keeping); }

    static Result<std::uint64_t> append(History& history, std::uint64_t first,
                                        const std::vector<std::string>& lines,
                                        std::string_view publisher = "sensor") {
        const std::vector<std::string_view> views{lines.begin(), lines.end()};
        return history.append({.publisher = publisher, .first_sequence = first, .lines = views});
    }

    Page page(std::string_view query, std::size_t limit = 50, std::optional<Place> after = {}) const {
        auto filter = parse_filter(query);
        EXPECT_TRUE(filter) << query;
        if (!filter) return {};
        auto found =
            find(folder_.path(), {.filter = std::move(*filter), .after = std::move(after), .limit = limit},
                 [](DayOfEvents, const Effort&) {});
        EXPECT_TRUE(found) << found.error().what;
        return found ? std::move(*found) : Page{};
    }

    std::vector<std::string> lines(std::string_view query, std::size_t limit = 50) const {
        std::vector<std::string> found;
        for (auto& hit : page(query, limit).hits) found.push_back(std::move(hit.line));
        return found;
    }

    ScratchFolder folder_;
    ManualClock clock_{monday + std::chrono::hours{12}};
};

}   // namespace ward::history
