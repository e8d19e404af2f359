// SPDX-License-Identifier: Apache-2.0
// What people are told of a case: docs/formats/notices.md.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"

namespace ward::notify {

enum class What : std::uint8_t { opened, risen, escalated, paging, test };
std::string_view name(What what);   // "new", "risen", …

struct Notice {
    static constexpr std::size_t machines_max = 32;
    static constexpr int level_max = 3;

    std::string id{};       // the same whenever it is told
    std::string thread{};   // the same for all that is told of a case
    What what = What::opened;
    std::int64_t in_case = 0;
    int level = 1;   // to level_max
    int risk = 0;    // percent
    std::string sentence{};
    std::vector<std::string> kinds{};
    std::vector<std::string> machines{};   // the first machines_max
    Time at{};
    std::string harmless_if{};
    std::string indicator{};            // of what pages: the address or name outside
    std::vector<std::string> sites{};   // and where it was seen

    /// It waits for nothing, and goes to those who are woken.
    bool pages() const { return what == What::paging || level >= level_max; }
};

/// What was told of a case until now.
struct ToldOfCase {
    int risk_class = 0;   // desk::class_of, 1 at least; 0: nothing, or it was closed since
    int level = 0;        // of its escalation
    int round = 0;        // how often it was closed

    bool operator==(const ToldOfCase&) const = default;
};
using Told = std::map<std::string, ToldOfCase, std::less<>>;   // by Notice::thread

/// 32 hexadecimal digits that are the same for the same parts.
std::string make_id(std::initializer_list<std::string_view> parts);

/// A notice by which somebody tries whether messages arrive.
Notice test_notice(Time now);

/// What goes at once. It is made once, and sent as it is until it arrives.
struct Message {
    std::string id{};                     // the first notice's
    std::vector<std::string> parents{};   // ids of the first messages of its cases, where it is not that
    Time made{};
    std::vector<Notice> notices{};   // one at least

    bool pages() const { return notices.front().pages(); }
};

/// "Case 12 is new"
std::string headline(const Notice& notice);
std::string joined(const std::vector<std::string>& words, std::string_view between);

}   // namespace ward::notify
