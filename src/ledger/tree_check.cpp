// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree_check.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/assert.hpp"
#include "ledger/tile_store.hpp"

namespace ward::ledger {

namespace {

constexpr std::size_t bundle_bytes_max = tile_width * (2 + TileLimits{}.entry_bytes_max);

/// MTH of RFC 6962, section 2.1, over hashes of which the last may stand for fewer entries than the others.
Digest fold(std::span<const Digest> hashes) {
    WARD_ASSERT(!hashes.empty());
    if (hashes.size() == 1) return hashes.front();
    const auto split = std::bit_ceil(hashes.size()) / 2;
    return node_hash(fold(hashes.first(split)), fold(hashes.subspan(split)));
}

}   // namespace

Result<TileBytes> load_tile(const std::filesystem::path& folder, const Tile& tile) {
    TileBytes loaded{.path = tile_path(tile), .bytes = {}};
    auto bytes = read_file(folder / loaded.path, bundle_bytes_max);
    if (!bytes && bytes.error().code == Errc::not_found && !tile.is_full()) {
        // A writer that has gone on may have replaced it.
        loaded.path = tile_path(tile.full());
        bytes = read_file(folder / loaded.path, bundle_bytes_max);
    }
    if (!bytes && bytes.error().code == Errc::not_found)
        return fail(Errc::corrupt, tile_path(tile) + " is missing");
    if (!bytes && bytes.error().code == Errc::limit_exceeded)
        return fail(Errc::corrupt, loaded.path + " is too long");
    loaded.bytes = TRY(std::move(bytes));
    const bool is_longer = loaded.path != tile_path(tile);
    if (is_longer && tile.kind == Tile::Kind::hashes)
        loaded.bytes.resize(std::min(loaded.bytes.size(), tile.width * sizeof(Digest)));
    if (is_longer && tile.kind == Tile::Kind::entries)
        loaded.bytes.resize(entries_length(loaded.bytes, tile.width).value_or(loaded.bytes.size()));
    return loaded;
}

Result<std::vector<Bytes>> entries_of(const TileBytes& bundle, std::uint64_t width) {
    auto entries = parse_entries(bundle.bytes, width);
    if (!entries) return fail(Errc::corrupt, bundle.path + " " + entries.error().what);
    return entries;
}

Result<> TreeCheck::run(const std::function<void(std::uint64_t)>& progress) {
    for (std::uint64_t index = 0;; ++index) {
        const auto tile = tile_at(Tile::Kind::hashes, 0, index, head_.size);
        if (!tile) break;
        const auto hashes = TRY(hash_bundle(index));
        TRY(finish(*tile, hashes));
        progress(index * tile_width + tile->width);
    }
    return finish_edge();
}

Result<std::vector<Digest>> TreeCheck::hash_bundle(std::uint64_t index) const {
    const auto tile = *tile_at(Tile::Kind::entries, 0, index, head_.size);
    const auto bundle = TRY(load_tile(folder_, tile));
    std::vector<Digest> hashes;
    hashes.reserve(tile.width);
    for (const auto entry : TRY(entries_of(bundle, tile.width))) hashes.push_back(leaf_hash(entry));
    return hashes;
}

/// A file that differs is remembered. Which side is right, it or the bundles, is known when the root is.
Result<> TreeCheck::compare(const Tile& tile, const std::vector<Digest>& hashes) {
    const auto remember = [&](std::string what, std::optional<std::uint64_t> entry) {
        if (!wrong_) wrong_ = Wrong{std::move(what), entry};
        return Result<>{};
    };
    const auto file = load_tile(folder_, tile);
    if (!file && file.error().code == Errc::corrupt) return remember(file.error().what, {});
    if (!file) return tl::unexpected(file.error());
    if (file->bytes == format_hashes(hashes)) return {};
    const auto found = parse_hashes(file->bytes, tile.width);
    if (!found) return remember(file->path + " " + found.error().what, {});
    const auto place = static_cast<std::uint64_t>(std::ranges::mismatch(*found, hashes).in1 - found->begin());
    const auto entry = (tile.index * tile_width + place) << (tile_height * tile.level);
    auto what = file->path + ": hash " + std::to_string(place) + " is not that of " +
                (tile.level == 0 ? "entry " : "the entries from ") + std::to_string(entry);
    return remember(std::move(what), tile.level == 0 ? std::optional{entry} : std::nullopt);
}

/// A level's next tile is known: compares it, and when it is full, adds its root to the level above.
Result<> TreeCheck::finish(const Tile& tile, const std::vector<Digest>& hashes) {
    TRY(compare(tile, hashes));
    if (rows_.size() == tile.level) rows_.emplace_back();
    if (!tile.is_full()) {
        rows_[tile.level] = hashes;
        return {};
    }
    rows_[tile.level].clear();
    const auto above = tile.level + 1;
    if (rows_.size() == above) rows_.emplace_back();
    rows_[above].push_back(fold(hashes));
    if (rows_[above].size() < tile_width) return {};
    const auto row = std::exchange(rows_[above], {});
    return finish({Tile::Kind::hashes, above, tile.index / tile_width, tile_width}, row);
}

/// The partial tiles above level 0, and the root over all levels.
Result<> TreeCheck::finish_edge() {
    for (unsigned level = 1; level < rows_.size(); ++level) {
        const auto tile =
            tile_at(Tile::Kind::hashes, level, hashes_at(level, head_.size) / tile_width, head_.size);
        if (tile) TRY(compare(*tile, rows_[level]));
    }
    std::vector<Digest> below;   // the tree under what this level has no hash of yet
    for (const auto& row : rows_) {
        auto hashes = row;
        hashes.insert(hashes.end(), below.begin(), below.end());
        if (!hashes.empty()) below = {fold(hashes)};
    }
    return blame(below.empty() ? empty_root() : below.front());
}

/// `root` is what the bundles say, whatever the tiles do.
Result<> TreeCheck::blame(const Digest& root) const {
    if (root == head_.root) {
        // The bundles are as they were signed, so any tile that differs from them is not.
        if (wrong_) return fail(Errc::corrupt, wrong_->what);
        return {};
    }
    if (wrong_ && wrong_->entry) {
        const auto bundle = *tile_at(Tile::Kind::entries, 0, *wrong_->entry / tile_width, head_.size);
        return fail(Errc::corrupt, TRY(load_tile(folder_, bundle)).path + ": entry " +
                                       std::to_string(*wrong_->entry) + " is not the one that was signed");
    }
    if (wrong_) return fail(Errc::corrupt, wrong_->what);
    return fail(Errc::corrupt, "checkpoint: its root is not that of the " + std::to_string(head_.size) +
                                   " entries in the files, which agree with each other");
}

}   // namespace ward::ledger
