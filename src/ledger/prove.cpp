// SPDX-License-Identifier: Apache-2.0
#include "ledger/log.hpp"
#include "ledger/tile_hashes.hpp"

namespace ward::ledger {

Result<Proof> prove(const std::filesystem::path& folder, const VerifierKey& key, std::uint64_t index) {
    const TileStore tiles{folder};
    const auto note = TRY(tiles.read("checkpoint"));
    const auto head = TRY(open_checkpoint(as_text(note), key)).head;
    if (index >= head.size)
        return fail(Errc::not_found, "the log has " + std::to_string(head.size) + " entries, counted from 0");
    const auto bundle = *tile_at(Tile::Kind::entries, 0, index / tile_width, head.size);
    const auto bytes = TRY(tiles.read_entries(bundle));
    const auto entry = TRY(parse_entries(bytes, bundle.width))[index % tile_width];
    Proof proof{.extra = Buffer{entry.begin(), entry.end()},
                .index = index,
                .path = TRY(inclusion_proof(index, head.size, TileHashes{tiles, head.size})),
                .checkpoint = std::string{as_text(note)}};
    // Never hand out what does not hold.
    const auto holds = verify_proof(proof, entry, key);
    if (!holds) return fail(Errc::corrupt, "the log's files are damaged: " + holds.error().what);
    return proof;
}

}   // namespace ward::ledger
