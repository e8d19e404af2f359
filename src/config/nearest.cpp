// SPDX-License-Identifier: Apache-2.0
#include "config/nearest.hpp"

#include <algorithm>
#include <numeric>

#include "core/assert.hpp"

namespace ward::config {
namespace {

std::string_view last_part(std::string_view key) { return key.substr(key.rfind('.') + 1); }

/// The key counts, and its section half as much: people know what they want and forget where it goes.
std::size_t strangeness(std::string_view unknown, std::string_view known) {
    return edit_distance(last_part(unknown), last_part(known)) * 2 + edit_distance(unknown, known);
}

}   // namespace

// Wagner and Fischer, 1974, keeping one row.
std::size_t edit_distance(std::string_view from, std::string_view into) {
    std::vector<std::size_t> row(into.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= into.size(); ++j) {
            const auto changed = diagonal + (from[i - 1] == into[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::string_view nearest(std::string_view unknown, const std::vector<std::string>& known) {
    WARD_ASSERT(!known.empty());
    return *std::ranges::min_element(known, {},
                                     [unknown](const std::string& key) { return strangeness(unknown, key); });
}

}   // namespace ward::config
