// SPDX-License-Identifier: Apache-2.0
// Closed sets of words.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text.hpp"

namespace ward::protocol {

/// How many words a text has, with a blank between each two.
consteval std::size_t count_words(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1;
}

/// The words of such a text, in lower case, sorted for holds().
template <std::size_t count>
consteval std::array<std::string_view, count> sorted_words(std::string_view text) {
    std::array<std::string_view, count> words;
    for (auto& word : words) {
        word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    // Compilers do not count far enough to sort a thousand.
    if (!std::ranges::is_sorted(words)) std::ranges::sort(words);
    return words;
}

bool holds(const auto& sorted, std::string_view word) {
    std::array<char, 64> small;
    if (word.size() > small.size()) return false;
    const auto end = std::ranges::transform(word, small.begin(), lower).out;
    return std::ranges::binary_search(sorted, std::string_view{small.begin(), end});
}

}   // namespace ward::protocol
