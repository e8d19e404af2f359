// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ledger/tile.hpp"
#include "ledger/tree.hpp"

namespace ward::ledger {

/// The right edge of a tree in the shape of tiles: at each level the hashes of the last tile, which is
/// partial. A value: grow a copy, and drop it when the growth comes to nothing.
class Edge {
public:
    Edge() = default;

    /// `levels[l]` has the hashes of the partial tile at level l of a tree of `size` entries.
    Edge(std::uint64_t size, std::vector<std::vector<Digest>> levels);

    using Completed = std::function<void(const Tile& tile, const std::vector<Digest>& hashes)>;

    /// Adds an entry's hash. `completed` is called for each tile that it completes, lowest level first.
    void append(const Digest& leaf, const Completed& completed);

    std::uint64_t size() const noexcept { return size_; }
    Digest root() const { return subtrees().root(); }
    CompactRange subtrees() const;

    const std::vector<std::vector<Digest>>& levels() const noexcept { return levels_; }

private:
    std::uint64_t size_ = 0;
    std::vector<std::vector<Digest>> levels_;
};

}   // namespace ward::ledger
