// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-tiles: the names and the bytes of tiles and entry bundles.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace ward::ledger {

inline constexpr unsigned tile_height = 8;
inline constexpr std::uint64_t tile_width = std::uint64_t{1} << tile_height;

struct TileLimits {
    std::uint64_t entries_max = std::uint64_t{1} << 62;   // in a log
    std::size_t entry_bytes_max = 65'535;                 // its length is a uint16
};

/// A tile of hashes, or the bundle of the entries under a tile at level 0.
struct Tile {
    enum class Kind { hashes, entries };

    Kind kind = Kind::hashes;
    unsigned level = 0;
    std::uint64_t index = 0;   // within the level
    std::uint64_t width = tile_width;

    bool is_full() const noexcept { return width == tile_width; }
    Tile full() const noexcept { return {kind, level, index, tile_width}; }
    bool operator==(const Tile&) const = default;
};

/// How many hashes level `level` has in a tree of `size` entries, all tiles together.
std::uint64_t hashes_at(unsigned level, std::uint64_t size);

/// The tile at `index` of a tree of `size` entries: full or, at the right edge, partial. Nothing if it is
/// empty.
std::optional<Tile> tile_at(Tile::Kind kind, unsigned level, std::uint64_t index, std::uint64_t size);

/// The path under the log's prefix: tile/0/x001/x234/067.p/112
std::string tile_path(const Tile& tile);

/// Reads what `tile_path` writes and nothing else.
std::optional<Tile> parse_tile_path(std::string_view path);

/// The hashes of a tile. The bytes must be all of it.
Result<std::vector<Digest>> parse_hashes(Bytes bytes, std::uint64_t width);
Buffer format_hashes(std::span<const Digest> hashes);

/// The entries of a bundle, borrowed from `bytes`, which must be all of it.
Result<std::vector<Bytes>> parse_entries(Bytes bytes, std::uint64_t width);

/// How many bytes the first `width` entries of a bundle take; nothing when it has less.
std::optional<std::size_t> entries_length(Bytes bundle, std::uint64_t width);

/// Adds an entry to a bundle. The entry must not be longer than entry_bytes_max.
void append_entry(Buffer& bundle, Bytes entry);

}   // namespace ward::ledger
