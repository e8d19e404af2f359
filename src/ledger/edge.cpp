// SPDX-License-Identifier: Apache-2.0
#include "ledger/edge.hpp"

#include <algorithm>
#include <bit>

#include "core/assert.hpp"

namespace ward::ledger {

Edge::Edge(std::uint64_t size, std::vector<std::vector<Digest>> levels)
    : size_(size), levels_(std::move(levels)) {
    for (unsigned level = 0; level < levels_.size(); ++level)
        WARD_ASSERT(levels_[level].size() == hashes_at(level, size) % tile_width);
    WARD_ASSERT(hashes_at(static_cast<unsigned>(levels_.size()), size) == 0);
}

void Edge::append(const Digest& leaf, const Completed& completed) {
    Digest hash = leaf;
    for (unsigned level = 0;; ++level) {
        if (level == levels_.size()) levels_.emplace_back().reserve(tile_width);
        auto& row = levels_[level];
        row.push_back(hash);
        if (row.size() < tile_width) break;
        const auto index = (size_ >> (tile_height * level)) / tile_width;
        if (completed)
            completed({.kind = Tile::Kind::hashes, .level = level, .index = index, .width = tile_width}, row);
        hash = subtree_root(row);
        row.clear();
    }
    ++size_;
}

CompactRange Edge::subtrees() const {
    std::vector<Digest> roots;
    for (auto row = levels_.rbegin(); row != levels_.rend(); ++row) {
        std::span<const Digest> rest{*row};
        while (!rest.empty()) {
            const auto width = std::bit_floor(rest.size());
            roots.push_back(subtree_root(rest.first(width)));
            rest = rest.subspan(width);
        }
    }
    return CompactRange{size_, std::move(roots)};
}

}   // namespace ward::ledger
