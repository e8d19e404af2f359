// SPDX-License-Identifier: Apache-2.0
#include "ledger/verify.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "ledger/tile_hashes.hpp"
#include "ledger/tree_check.hpp"

namespace ward::ledger {

namespace {

constexpr std::uint64_t progress_step = 16 * tile_width;   // entries

tl::unexpected<Error> corrupt(std::string what) { return fail(Errc::corrupt, std::move(what)); }

/// The store's entries against the bundles.
class EntryCheck {
public:
    EntryCheck(const VerifyParts& parts, std::uint64_t size) : parts_(&parts), size_(size) {}

    Result<> run(const std::function<Result<>(std::uint64_t)>& going_on) {
        const auto checked = [&](Bytes entry) -> Result<> {
            TRY(compare(entry));
            return going_on(next_);
        };
        TRY(parts_->entries(size_, checked));
        if (next_ < size_)
            return corrupt("entry " + std::to_string(next_) + " is in the log, and not in the store");
        return {};
    }

private:
    Result<> compare(Bytes entry) {
        if (next_ == size_) return corrupt("the store has more entries than it was asked for");
        if (next_ % tile_width == 0) {
            const auto tile = *tile_at(Tile::Kind::entries, 0, next_ / tile_width, size_);
            bundle_ = TRY(load_tile(parts_->folder, tile));
            logged_ = TRY(entries_of(bundle_, tile.width));
        }
        if (!std::ranges::equal(entry, logged_[next_ % tile_width]))
            return corrupt("entry " + std::to_string(next_) + " in the store is not the one in " +
                           bundle_.path);
        ++next_;
        return {};
    }

    const VerifyParts* parts_;
    std::uint64_t size_;
    std::uint64_t next_ = 0;
    TileBytes bundle_;
    std::vector<Bytes> logged_;   // borrows bundle_
};

Result<> check_well_formed(const TileBytes& file, const Tile& tile) {
    const bool is_whole = tile.kind == Tile::Kind::hashes ? parse_hashes(file.bytes, tile.width).has_value()
                                                          : parse_entries(file.bytes, tile.width).has_value();
    if (!is_whole) return corrupt(file.path + " is not a whole tile");
    return {};
}

/// Both files are tiles at one place, one longer than the other.
Result<> check_beginning(const TileBytes& file, const Tile& tile, const TileBytes& longer) {
    TRY(check_well_formed(file, tile));
    const auto length = tile.kind == Tile::Kind::hashes ? std::optional{file.bytes.size()}
                                                        : entries_length(longer.bytes, tile.width);
    if (!length || *length > longer.bytes.size() ||
        !std::ranges::equal(file.bytes, Bytes{longer.bytes}.first(*length)))
        return corrupt(file.path + " is not the beginning of " + longer.path);
    return {};
}

/// What lies under tile/: nothing but tiles of this log, partial ones that begin as their tile does.
class FolderCheck {
public:
    FolderCheck(const VerifyParts& parts, VerifyReport& report) : parts_(&parts), report_(&report) {}

    Result<> run() { return scan("tile", 0); }

private:
    Result<> scan(const std::string& folder, unsigned depth) {
        constexpr unsigned depth_max = 16;   // more than any tile's path has
        if (depth > depth_max) return corrupt(folder + " is no folder of a log");
        std::error_code error;
        std::vector<std::filesystem::directory_entry> found;
        for (std::filesystem::directory_iterator next{parts_->folder / folder, error}, end;
             !error && next != end; next.increment(error))
            found.push_back(*next);
        // A writer that runs removes the folders of partial tiles.
        if (error == std::errc::no_such_file_or_directory) return {};
        if (error) return fail(Errc::unavailable, "read " + folder + ": " + error.message());
        std::ranges::sort(found);
        for (const auto& entry : found) {
            const auto path = folder + "/" + entry.path().filename().string();
            const auto type = entry.symlink_status(error).type();
            if (type == std::filesystem::file_type::not_found) continue;
            TRY(type == std::filesystem::file_type::directory ? scan(path, depth + 1) : check(path, type));
        }
        return {};
    }

    Result<> check(const std::string& path, std::filesystem::file_type type) {
        const auto tile = parse_tile_path(path);
        if (type != std::filesystem::file_type::regular || !tile)
            return corrupt(path + " is no file of a log");
        const auto size = report_->checkpoint.head.size;
        const auto published = tile_at(tile->kind, tile->level, tile->index, size);
        if (published && tile->width <= published->width) {
            ++report_->files;
            return tile->width == published->width ? Result<>{} : check_superseded(*tile, *published);
        }
        if (TRY(is_staged(*tile))) return check_ahead(*tile, published);
        return corrupt(path + " is past the end of the log");
    }

    Result<bool> is_staged(const Tile& tile) const {
        if (!parts_->staged_size) return false;
        const auto staged = tile_at(tile.kind, tile.level, tile.index, TRY(parts_->staged_size()));
        return staged && tile.width <= staged->width;
    }

    /// A partial tile of an earlier checkpoint.
    Result<> check_superseded(const Tile& tile, const Tile& published) const {
        const auto file = TRY(load_tile(parts_->folder, tile));
        return check_beginning(file, tile, TRY(load_tile(parts_->folder, published)));
    }

    /// A tile of the next checkpoint.
    Result<> check_ahead(const Tile& tile, const std::optional<Tile>& published) {
        ++report_->files_ahead;
        const auto file = TRY(load_tile(parts_->folder, tile));
        TRY(check_well_formed(file, tile));
        if (!published) return {};
        return check_beginning(TRY(load_tile(parts_->folder, *published)), *published, file);
    }

    const VerifyParts* parts_;
    VerifyReport* report_;
};

/// The tree on one thread, the store's entries on this one. What is wrong with the tree is told first.
Result<> check_contents(const VerifyParts& parts, const TreeHead& head) {
    std::atomic<bool> tree_failed = false;
    const auto tell = [&](std::uint64_t done) {
        if (parts.progress && (done % progress_step == 0 || done == head.size))
            parts.progress(done, head.size);
    };
    Result<> tree;
    Result<> entries;
    {
        const std::jthread worker{[&] {
            tree = TreeCheck{parts.folder, head}.run([&](std::uint64_t done) {
                if (!parts.entries) tell(done);
            });
            tree_failed = !tree;
        }};
        if (parts.entries)
            entries = EntryCheck{parts, head.size}.run([&](std::uint64_t done) -> Result<> {
                tell(done);
                return tree_failed ? corrupt("")
                                   : Result<>{};   // the tree's own error is the one that is told
            });
    }
    return tree ? entries : tree;
}

/// `since` is an earlier checkpoint of this log, and the tree begins with its tree.
Result<> check_since(const VerifyParts& parts, const TreeHead& head) {
    const auto earlier = open_checkpoint(*parts.since, parts.key);
    if (!earlier) return corrupt("the earlier checkpoint: " + earlier.error().what);
    if (earlier->head.size == 0) return {};
    if (earlier->head.size > head.size)
        return corrupt("checkpoint: the log had " + std::to_string(earlier->head.size) +
                       " entries before, now " + std::to_string(head.size));
    const TileStore tiles{parts.folder};
    const auto proof = TRY(consistency_proof(earlier->head.size, head.size, TileHashes{tiles, head.size}));
    if (const auto held = check_consistency(earlier->head, head, proof); !held)
        return corrupt("checkpoint: the log is not a continuation of the earlier one: " + held.error().what);
    return {};
}

}   // namespace

Result<VerifyReport> verify_log(const VerifyParts& parts) {
    const auto note = read_file(parts.folder / "checkpoint", NoteLimits{}.note_bytes_max);
    if (!note && note.error().code == Errc::unavailable) return tl::unexpected(note.error());
    if (!note) return corrupt("checkpoint is missing or too long");
    auto checkpoint = open_checkpoint(as_text(*note), parts.key);
    if (!checkpoint) return corrupt("checkpoint: " + checkpoint.error().what);
    VerifyReport report{.checkpoint = std::move(*checkpoint)};
    TRY(check_contents(parts, report.checkpoint.head));
    FolderCheck folder{parts, report};
    TRY(folder.run());
    if (parts.since) TRY(check_since(parts, report.checkpoint.head));
    return report;
}

}   // namespace ward::ledger
