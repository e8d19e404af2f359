// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include "ledger/tile_store.hpp"
#include "ledger/tree.hpp"

namespace ward::ledger {

/// The hashes of a tree of `size` entries, from its tiles. Keeps the tiles that it read: made for one proof.
class TileHashes {
public:
    TileHashes(const TileStore& tiles, std::uint64_t size) : tiles_(&tiles), size_(size) {}

    /// A SubtreeHash.
    Result<Digest> operator()(unsigned height, std::uint64_t index);

private:
    const TileStore* tiles_;
    std::uint64_t size_;
    std::map<std::pair<unsigned, std::uint64_t>, std::vector<Digest>> known_;
};

}   // namespace ward::ledger
