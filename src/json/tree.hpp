// SPDX-License-Identifier: Apache-2.0
// What a Document is made of; only this folder's sources include it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"

namespace ward::json::detail {

/// Nodes stand in the order of their source, so the first child of a node is the next one, and `end` is where
/// its next sibling stands. All offsets are below 4 GiB: Limits::bytes_max is.
struct Node {
    std::uint32_t begin = 0;       // in the source
    std::uint32_t size = 0;        // in bytes
    std::uint32_t key_begin = 0;   // of a member, its key with quotes
    std::uint32_t key_size = 0;
    std::uint32_t end = 0;
    std::uint32_t children = 0;
    Kind kind = Kind::null;
    bool escaped = false;   // a string with a backslash
    bool key_escaped = false;
    bool compact = true;
};

/// A string that is not spelled as it reads: where it stands in the source, and in Tree::unescaped.
struct Unescaped {
    std::uint32_t source_begin;
    std::uint32_t begin;
    std::uint32_t size;
};

struct Tree {
    std::string source;
    std::vector<Node> nodes;
    std::string unescaped;
    std::vector<Unescaped> unescaped_strings;   // sorted by source_begin

    std::string_view slice(std::uint32_t begin, std::uint32_t size) const {
        return std::string_view{source}.substr(begin, size);
    }
    std::string_view text(std::uint32_t begin, std::uint32_t size, bool escaped) const {
        if (!escaped) return slice(begin + 1, size - 2);
        const auto found = std::lower_bound(
            unescaped_strings.begin(), unescaped_strings.end(), begin,
            [](const Unescaped& entry, std::uint32_t offset) { return entry.source_begin < offset; });
        return std::string_view{unescaped}.substr(found->begin, found->size);
    }
    std::string_view key_of(const Node& node) const {
        return text(node.key_begin, node.key_size, node.key_escaped);
    }
};

}   // namespace ward::json::detail
