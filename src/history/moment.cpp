// SPDX-License-Identifier: Apache-2.0
#include "history/moment.hpp"

#include <string>

#include "core/text.hpp"

namespace ward::history {

std::optional<event::Time> parse_moment(std::string_view text, event::Time now) {
    constexpr std::uint64_t units_max = 100'000;
    if (const auto time = event::parse_timestamp(text)) return time;
    if (const auto midnight = event::parse_timestamp(std::string{text} + "T00:00:00Z")) return midnight;
    if (text.empty()) return std::nullopt;
    const auto count = number(text.substr(0, text.size() - 1));
    if (!count || *count > units_max) return std::nullopt;
    const auto units = static_cast<std::int64_t>(*count);
    switch (text.back()) {
        case 'm': return now - std::chrono::minutes{units};
        case 'h': return now - std::chrono::hours{units};
        case 'd': return now - std::chrono::days{units};
        default: return std::nullopt;
    }
}

}   // namespace ward::history
