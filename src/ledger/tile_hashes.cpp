// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile_hashes.hpp"

#include "core/assert.hpp"

namespace ward::ledger {

Result<Digest> TileHashes::operator()(unsigned height, std::uint64_t index) {
    const unsigned level = height / tile_height;
    const unsigned above = height % tile_height;   // the tile's own hashes
    const auto first = index << above;
    const auto number = first / tile_width;
    const auto tile = tile_at(Tile::Kind::hashes, level, number, size_);
    WARD_ASSERT(tile && first % tile_width + (std::uint64_t{1} << above) <= tile->width);
    auto known = known_.find({level, number});
    if (known == known_.end())
        known = known_.emplace(std::pair{level, number}, TRY(tiles_->read_hashes(*tile))).first;
    return subtree_root(std::span{known->second}.subspan(first % tile_width, std::size_t{1} << above));
}

}   // namespace ward::ledger
