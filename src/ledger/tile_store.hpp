// SPDX-License-Identifier: Apache-2.0
// The folder of a log: files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ledger/tile.hpp"

namespace ward::ledger {

/// A file to be written, by its path under the log's folder.
struct File {
    std::string path;
    Buffer bytes;
};

enum class FileStep { write, sync, rename, sync_folder, remove };

/// Called before each step on the disk. An error makes the step fail.
using FileSteps = std::function<Result<>(FileStep step, const std::filesystem::path& path)>;

/// Errc::not_found, limit_exceeded when it is longer than `bytes_max`, or unavailable.
Result<Buffer> read_file(const std::filesystem::path& path, std::size_t bytes_max);

class Descriptor;   // an open file

class TileStore {
public:
    explicit TileStore(std::filesystem::path folder, FileSteps steps = {});

    /// Makes the folder and drops what an interrupted `write` left in it.
    Result<> prepare() const;

    /// All files are durable and in place when this returns. Every file is written and synced under another
    /// name, then all are renamed, then each folder is synced once.
    Result<> write(std::span<const File> files) const;

    /// As `write`, for tiles, which never change: Errc::corrupt when there is one already and it differs.
    Result<> write_tiles(std::vector<File> files) const;

    /// A partial tile may have been replaced by the full one, which begins with it. Errc::corrupt, naming the
    /// file, when it is missing or not a tile.
    Result<std::vector<Digest>> read_hashes(const Tile& tile) const;

    /// The bytes of a bundle, cut to the tile's width.
    Result<Buffer> read_entries(const Tile& tile) const;

    /// Any file of the log. Errc::not_found when there is none.
    Result<Buffer> read(const std::string& path) const;

    /// Removes the partial tiles of a full one, if there are any.
    Result<> remove_partials(const Tile& full) const;

private:
    Result<> step(FileStep step, const std::filesystem::path& path) const;
    std::filesystem::path staged_path(std::size_t number) const;
    Result<> sync_staged(std::span<const File> files, const Descriptor& folder) const;
    Result<> stage(const File& file, const std::filesystem::path& staged) const;
    Result<> sync_folder(const std::filesystem::path& folder) const;
    Result<Buffer> read_tile(const Tile& tile) const;

    std::filesystem::path folder_;
    FileSteps steps_;
};

}   // namespace ward::ledger
