// SPDX-License-Identifier: Apache-2.0
// Looks for many texts at once, in every encoding in which a program may have let them lie about.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/bytes.hpp"

namespace ward::attacks {

enum class Encoding : std::uint8_t {
    as_it_is,
    lowercase,
    utf16_little_endian,
    utf16_big_endian,
    hex_lowercase,
    hex_uppercase,
    base64,   // its text depends on how many bytes, modulo 3, come before
    base64_after_one,
    base64_after_two,
    base64url,
    base64url_after_one,
    base64url_after_two,
};
inline constexpr std::size_t encodings = 12;

/// How `text` lies there; empty when that is as `as_it_is`, or as base64 when it is base64url.
std::string encoded(std::string_view text, Encoding encoding);

struct Leak {
    std::string text;
    Encoding encoding;
    std::size_t offset;
};

class LeakScanner {
public:
    /// Shorter texts stand in files by chance.
    static constexpr std::size_t bytes_min = 6;

    /// A text to look for. A long one is cut into pieces, any of which is a leak: a file may hold a part of
    /// it. Pieces of few different bytes, such as padding, are left out.
    void add(std::string_view text);

    /// After the last add(), before scan().
    void prepare();

    /// What also stands in `bytes`, in the same encoding, is not looked for. Gives how much that is.
    std::size_t allow(std::string_view bytes);

    /// At most `most` leaks.
    std::vector<Leak> scan(std::string_view bytes, std::size_t most = 10) const;

    std::size_t texts() const { return texts_.size(); }

private:
    struct Needle {
        std::uint64_t window;   // its first bytes_min bytes
        std::uint32_t text;
        Encoding encoding;
        bool allowed;
    };

    enum class Going { on, no };

    void add_piece(std::string_view piece);
    template <class Found>
    void each_match(std::string_view bytes, const Found& found) const;

    static constexpr std::size_t filter_bits = std::size_t{1} << 26;
    static std::size_t filter_place(std::uint64_t window) { return (window * 0x9e3779b97f4a7c15U) >> 38; }

    std::unordered_set<std::string> known_;
    std::vector<std::string_view> texts_;   // in known_
    std::vector<Needle> needles_;           // sorted by window
    std::vector<bool> filter_;              // which windows there may be
};

}   // namespace ward::attacks
