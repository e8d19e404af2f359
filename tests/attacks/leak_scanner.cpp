// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/leak_scanner.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace ward::attacks {
namespace {

/// RFC 3629 to RFC 2781; empty for what is no UTF-8, or has control characters: what is no text is not kept
/// in UTF-16, and as such would look like numbers in binary files.
std::u16string utf16(std::string_view text) {
    std::u16string wide;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (i + size > text.size() || first < 0x20 || (first >= 0x80 && first < 0xC0)) return {};
        std::uint32_t point = size == 1 ? first : first & (0x7FU >> size);
        for (std::size_t k = 1; k < size; ++k)
            point = point << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        if (point >= 0x10000) {
            wide.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10U)));
            wide.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FFU)));
        } else {
            wide.push_back(static_cast<char16_t>(point));
        }
        i += size;
    }
    return wide;
}

std::string utf16_bytes(std::string_view text, Encoding encoding) {
    std::string bytes;
    for (const auto unit : utf16(text)) {
        const auto high = static_cast<char>(unit >> 8U);
        const auto low = static_cast<char>(unit & 0xFFU);
        encoding == Encoding::utf16_big_endian ? bytes.append({high, low}) : bytes.append({low, high});
    }
    return bytes;
}

std::string lowercase(std::string_view text) {
    std::string lower{text};
    for (auto& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower == text ? std::string{} : lower;
}

std::string hex(std::string_view text, Encoding encoding) {
    auto digits = to_hex(as_bytes(text));
    if (encoding == Encoding::hex_uppercase)
        for (auto& c : digits)
            if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    return digits;
}

/// The characters that no byte before or after the text has a part in.
std::string base64_after(std::string_view text, std::size_t before) {
    const auto all = to_base64(as_bytes(std::string(before, 'x') + std::string{text}));
    const auto first = (8 * before + 5) / 6;
    const auto last = 8 * (before + text.size()) / 6;
    return all.substr(first, last - first);
}

std::string base64url_after(std::string_view text, std::size_t before) {
    auto letters = base64_after(text, before);
    const auto plain = letters;
    std::ranges::replace(letters, '+', '-');
    std::ranges::replace(letters, '/', '_');
    return letters == plain ? std::string{} : letters;
}

std::uint64_t window_of(std::string_view text) {
    std::uint64_t window = 0;
    for (const char c : text.substr(0, LeakScanner::bytes_min))
        window = window << 8U | static_cast<unsigned char>(c);
    return window;
}

}   // namespace

std::string encoded(std::string_view text, Encoding encoding) {
    using enum Encoding;
    switch (encoding) {
        case as_it_is: return std::string{text};
        case lowercase: return attacks::lowercase(text);
        case utf16_little_endian:
        case utf16_big_endian: return utf16_bytes(text, encoding);
        case hex_lowercase:
        case hex_uppercase: return hex(text, encoding);
        case base64: return base64_after(text, 0);
        case base64_after_one: return base64_after(text, 1);
        case base64_after_two: return base64_after(text, 2);
        case base64url: return base64url_after(text, 0);
        case base64url_after_one: return base64url_after(text, 1);
        case base64url_after_two: return base64url_after(text, 2);
    }
    return {};
}

void LeakScanner::add(std::string_view text) {
    constexpr std::size_t piece_bytes = 24;
    constexpr std::size_t last_piece_bytes_max = 36;
    while (text.size() > last_piece_bytes_max) {
        add_piece(text.substr(0, piece_bytes));
        text.remove_prefix(piece_bytes);
    }
    add_piece(text);
}

void LeakScanner::add_piece(std::string_view piece) {
    constexpr std::size_t different_bytes_min = 4;
    if (piece.size() < bytes_min) return;
    const auto [known, is_new] = known_.emplace(piece);
    if (is_new && std::set<char>{piece.begin(), piece.end()}.size() >= different_bytes_min)
        texts_.push_back(*known);
}

void LeakScanner::prepare() {
    filter_.assign(filter_bits, false);
    for (std::size_t i = 0; i < texts_.size(); ++i)
        for (std::size_t k = 0; k < encodings; ++k) {
            const auto encoding = static_cast<Encoding>(k);
            const auto text = encoded(texts_[i], encoding);
            if (text.size() < bytes_min) continue;
            needles_.push_back({window_of(text), static_cast<std::uint32_t>(i), encoding, false});
            filter_[filter_place(needles_.back().window)] = true;
        }
    std::ranges::sort(needles_, {}, &Needle::window);
}

/// Calls `found` with the place of a needle and the offset, until it says that this is enough.
template <class Found>
void LeakScanner::each_match(std::string_view bytes, const Found& found) const {
    constexpr std::uint64_t window_mask = (std::uint64_t{1} << (8 * bytes_min)) - 1;
    std::uint64_t window = 0;
    for (std::size_t end = 1; end <= bytes.size(); ++end) {
        window = (window << 8U | static_cast<unsigned char>(bytes[end - 1])) & window_mask;
        if (end < bytes_min || !filter_[filter_place(window)]) continue;
        const auto offset = end - bytes_min;
        for (const auto& needle : std::ranges::equal_range(needles_, window, {}, &Needle::window)) {
            if (needle.allowed) continue;
            if (!bytes.substr(offset).starts_with(encoded(texts_[needle.text], needle.encoding))) continue;
            if (found(static_cast<std::size_t>(&needle - needles_.data()), offset) == Going::no) return;
        }
    }
}

std::size_t LeakScanner::allow(std::string_view bytes) {
    std::vector<std::size_t> places;
    each_match(bytes, [&](std::size_t place, std::size_t) {
        places.push_back(place);
        return Going::on;
    });
    std::size_t count = 0;
    for (const auto place : places)
        if (!std::exchange(needles_[place].allowed, true)) ++count;
    return count;
}

std::vector<Leak> LeakScanner::scan(std::string_view bytes, std::size_t most) const {
    std::vector<Leak> leaks;
    each_match(bytes, [&](std::size_t place, std::size_t offset) {
        const auto& needle = needles_[place];
        leaks.push_back({std::string{texts_[needle.text]}, needle.encoding, offset});
        return leaks.size() < most ? Going::on : Going::no;
    });
    return leaks;
}

}   // namespace ward::attacks
