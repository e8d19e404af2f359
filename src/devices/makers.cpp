// SPDX-License-Identifier: Apache-2.0
#include "devices/makers.hpp"

#include <algorithm>
#include <charconv>

#include "devices/words.hpp"

namespace ward::devices {
namespace {

/// RFC 4180: a field with commas stands in quotes.
std::string_view take_field(std::string_view& line) {
    if (!line.starts_with('"')) return take_until(line, ',');
    line.remove_prefix(1);
    const auto field = take_until(line, '"');
    take_until(line, ',');
    return field;
}

}   // namespace

Makers Makers::from_csv(std::string_view text) {
    Makers makers;
    while (!text.empty()) {
        auto line = take_until(text, '\n');
        if (take_until(line, ',') != "MA-L") continue;
        const auto number = take_until(line, ',');
        std::uint32_t prefix = 0;
        const auto end = std::from_chars(number.begin(), number.end(), prefix, 16).ptr;
        const auto maker = trimmed(take_field(line));
        if (number.size() == 6 && end == number.end() && !maker.empty())
            makers.makers_.emplace_back(prefix, maker);
    }
    std::ranges::stable_sort(makers.makers_, {}, &std::pair<std::uint32_t, std::string>::first);
    return makers;
}

std::string_view Makers::of(const MacAddress& mac) const {
    if (mac.is_local() || mac.is_multicast()) return {};
    std::uint32_t prefix = 0;
    for (std::size_t i = 0; i < 3; ++i) prefix = prefix << 8U | std::to_integer<std::uint32_t>(mac.bytes[i]);
    const auto known =
        std::ranges::lower_bound(makers_, prefix, {}, &std::pair<std::uint32_t, std::string>::first);
    return known != makers_.end() && known->first == prefix ? std::string_view{known->second}
                                                            : std::string_view{};
}

}   // namespace ward::devices
