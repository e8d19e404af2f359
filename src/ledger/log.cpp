// SPDX-License-Identifier: Apache-2.0
#include "ledger/log.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace ward::ledger {

namespace {

constexpr std::string_view checkpoint_path = "checkpoint";

tl::unexpected<Error> corrupt(std::string what) { return fail(Errc::corrupt, "ledger: " + std::move(what)); }

template <class T>
Result<T> named(Result<T> result, std::string_view what) {
    if (result) return result;
    return fail(result.error().code, "ledger: " + std::string{what} + ": " + result.error().what);
}

/// A checkpoint that was signed and accepted before.
Result<TreeHead> reopen_checkpoint(std::string_view note, const VerifierKey& key, std::string_view whose) {
    const auto checkpoint = open_checkpoint(note, key);
    if (!checkpoint) return corrupt(std::string{whose} + " checkpoint: " + checkpoint.error().what);
    return checkpoint->head;
}

/// The tiles of a tree of `size` entries that a tree of `old_size` has not, as far as they are partial.
void add_partial_tiles(const Growth& grown, std::uint64_t old_size, std::vector<File>& files) {
    const auto size = grown.edge.size();
    const auto& levels = grown.edge.levels();
    for (unsigned level = 0; level < levels.size(); ++level) {
        const auto hashes = hashes_at(level, size);
        if (levels[level].empty() || hashes == hashes_at(level, old_size)) continue;
        const auto tile = *tile_at(Tile::Kind::hashes, level, hashes / tile_width, size);
        files.push_back({tile_path(tile), format_hashes(levels[level])});
    }
    if (const auto tile = tile_at(Tile::Kind::entries, 0, size / tile_width, size); tile && size != old_size)
        files.push_back({tile_path(*tile), grown.bundle});
}

}   // namespace

Log::Log(LogParts parts) : parts_(std::move(parts)), tiles_(parts_.folder, parts_.steps) {}

Result<Log> Log::open(LogParts parts) {
    Log log{std::move(parts)};
    TRY(log.tiles_.prepare());
    TRY(log.load_published());
    TRY(log.catch_up());
    TRY(log.check_last_entry());
    return log;
}

/// The published tree, as its files say, which must agree with each other.
Result<> Log::load_published() {
    const auto note = tiles_.read(std::string{checkpoint_path});
    if (!note && note.error().code == Errc::not_found) return {};
    if (!note) return tl::unexpected(note.error());
    note_ = as_text(*note);
    head_ = TRY(reopen_checkpoint(note_, parts_.key, "the published"));

    std::vector<std::vector<Digest>> levels;
    for (unsigned level = 0; hashes_at(level, head_.size) > 0; ++level) {
        const auto last = hashes_at(level, head_.size) / tile_width;
        const auto tile = tile_at(Tile::Kind::hashes, level, last, head_.size);
        levels.emplace_back();
        if (tile) levels.back() = TRY(named(tiles_.read_hashes(*tile), "its files"));
        TRY(remove_leftovers(level, last));
    }
    grown_.edge = Edge{head_.size, std::move(levels)};
    if (grown_.edge.root() != head_.root) return corrupt("the tiles do not have the checkpoint's root");
    return load_bundle();
}

Result<> Log::load_bundle() {
    const auto tile = tile_at(Tile::Kind::entries, 0, head_.size / tile_width, head_.size);
    if (!tile) return {};
    grown_.bundle = TRY(named(tiles_.read_entries(*tile), "its files"));
    const auto entries = TRY(parse_entries(grown_.bundle, tile->width));
    const auto& hashes = grown_.edge.levels().front();
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (leaf_hash(entries[i]) != hashes[i])
            return corrupt("entry " + std::to_string(i) + " of " + tile_path(*tile) +
                           " is not that of the tree");
    return {};
}

/// What a run that stopped between publishing and tidying left: full tiles keep no partial ones.
Result<> Log::remove_leftovers(unsigned level, std::uint64_t last) {
    const auto reach = parts_.checkpoint_entries_max / tile_width + 1;
    for (auto index = last - std::min(last, reach); index < last; ++index) TRY(remove_partials(level, index));
    return {};
}

Result<> Log::remove_partials(unsigned level, std::uint64_t index) {
    TRY(tiles_.remove_partials({Tile::Kind::hashes, level, index, tile_width}));
    if (level == 0) TRY(tiles_.remove_partials({Tile::Kind::entries, 0, index, tile_width}));
    return {};
}

Result<> Log::catch_up() {
    const auto note = TRY(parts_.load_checkpoint());
    TreeHead stored;
    if (!note.empty()) stored = TRY(reopen_checkpoint(note, parts_.key, "the store's"));
    if (stored.size < head_.size || (note.empty() && !note_.empty()))
        return corrupt("the store's checkpoint has " + std::to_string(stored.size) +
                       " entries, the published " + std::to_string(head_.size) +
                       ": the store is older than the log");
    if (stored.size == head_.size) {
        if (stored.root != head_.root)
            return corrupt("the store's checkpoint has another root than the published");
        if (note.empty() == note_.empty()) return {};
    }
    std::vector<File> files;
    auto grown = TRY(grow(stored.size, files));
    if (grown.edge.root() != stored.root)
        return corrupt("the store's entries from " + std::to_string(head_.size) + " to " +
                       std::to_string(stored.size) + " are not those that its checkpoint was made of");
    return write(stored, std::move(grown), std::move(files), note);
}

/// The store must not end before the tree does, nor with another entry.
Result<> Log::check_last_entry() {
    if (head_.size == 0) return {};
    const auto last = head_.size - 1;
    const auto tile = *tile_at(Tile::Kind::hashes, 0, last / tile_width, head_.size);
    const auto hashes = TRY(named(tiles_.read_hashes(tile), "its files"));
    bool is_there = false;
    TRY(parts_.read_entries(last, 1, [&](Bytes entry) -> Result<> {
        is_there = true;
        if (leaf_hash(entry) == hashes.back()) return {};
        return corrupt("entry " + std::to_string(last) + " of the store is not that of the log");
    }));
    if (!is_there) return corrupt("the store has no entry " + std::to_string(last) + ", the log has");
    return {};
}

Result<> Log::publish(std::uint64_t size) {
    TRY(catch_up());
    if (size < head_.size)
        return corrupt("the store has " + std::to_string(size) + " entries, the log " +
                       std::to_string(head_.size));
    while (note_.empty() || head_.size < size)
        TRY(advance(std::min(size, head_.size + parts_.checkpoint_entries_max)));
    return {};
}

Result<> Log::advance(std::uint64_t size) {
    WARD_ASSERT(grown_.edge.size() == head_.size && grown_.edge.root() == head_.root);
    std::vector<File> files;
    auto grown = TRY(grow(size, files));
    const TreeHead next{size, TRY(recompute_root(size))};
    if (next.root != grown.edge.root())
        return corrupt("the entries from " + std::to_string(head_.size) + " to " + std::to_string(size) +
                       " were not the same when they were read again");
    const Checkpoint checkpoint{.origin = parts_.key.name, .head = next, .extensions = {}};
    const auto text = format_checkpoint(checkpoint);
    const auto note = sign_note(text, parts_.key, TRY(parts_.sign(text)));
    TRY(named(open_checkpoint(note, parts_.key), "the new checkpoint"));   // a wrong signature stops here
    TRY(parts_.swap_checkpoint(head_.size, checkpoint, note));
    return write(next, std::move(grown), std::move(files), note);
}

Result<Growth> Log::grow(std::uint64_t size, std::vector<File>& files) const {
    Growth grown = grown_;
    TRY(parts_.read_entries(head_.size, size - head_.size, [&](Bytes entry) -> Result<> {
        if (entry.size() > TileLimits{}.entry_bytes_max || grown.edge.size() == size)
            return fail(Errc::limit_exceeded, "ledger: an entry is too long, or there is one too many");
        append_entry(grown.bundle, entry);
        grown.edge.append(leaf_hash(entry), [&](const Tile& tile, const std::vector<Digest>& hashes) {
            files.push_back({tile_path(tile), format_hashes(hashes)});
            if (tile.level > 0) return;
            const Tile bundle{Tile::Kind::entries, 0, tile.index, tile_width};
            files.push_back({tile_path(bundle), std::exchange(grown.bundle, {})});
        });
        return {};
    }));
    if (grown.edge.size() != size)
        return corrupt("the store has " + std::to_string(grown.edge.size()) + " entries, " +
                       std::to_string(size) + " were committed");
    add_partial_tiles(grown, head_.size, files);
    return grown;
}

/// The root of `size` entries from what the store says when it is asked a second time, another way.
Result<Digest> Log::recompute_root(std::uint64_t size) const {
    auto tree = grown_.edge.subtrees();
    WARD_ASSERT(tree.size() == head_.size &&
                tree.root() == head_.root);   // the old tree is a prefix of the new
    TRY(parts_.read_entries(head_.size, size - head_.size, [&](Bytes entry) -> Result<> {
        tree.append(leaf_hash(entry));
        return {};
    }));
    return tree.root();
}

Result<> Log::write(const TreeHead& next, Growth grown, std::vector<File> files, const std::string& note) {
    WARD_ASSERT(next.size > head_.size || (next.size == 0 && note_.empty()));
    WARD_ASSERT(grown.edge.size() == next.size && grown.edge.root() == next.root);
    TRY(named(tiles_.write_tiles(std::move(files)), "write tiles"));
    const auto bytes = as_bytes(note);
    const File checkpoint{std::string{checkpoint_path}, {bytes.begin(), bytes.end()}};
    TRY(named(tiles_.write({&checkpoint, 1}), "publish"));
    const auto published = TRY(named(tiles_.read(checkpoint.path), "publish"));
    if (published != checkpoint.bytes)
        return corrupt("the checkpoint on disk is not the one that was signed");

    const auto old_size = std::exchange(head_, next).size;
    grown_ = std::move(grown);
    note_ = note;
    for (unsigned level = 0; hashes_at(level, old_size) > 0; ++level) {
        const auto index = hashes_at(level, old_size) / tile_width;   // was partial, and may be full now
        if (index < hashes_at(level, head_.size) / tile_width) TRY(remove_partials(level, index));
    }
    return {};
}

}   // namespace ward::ledger
