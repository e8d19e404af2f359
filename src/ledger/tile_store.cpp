// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile_store.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "core/assert.hpp"

namespace ward::ledger {

namespace fs = std::filesystem;

class Descriptor {
public:
    Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (is_open()) ::close(number_);
    }
    bool is_open() const { return number_ >= 0; }
    int number() const { return number_; }

private:
    int number_;
};

namespace {

/// One journal commit for all costs less than one for each, measured from a handful of files on; below that
/// it would only make others' writes wait.
constexpr std::size_t sync_each_max = 8;

constexpr std::string_view staging = "staging";
constexpr std::size_t file_bytes_max = tile_width * (2 + TileLimits{}.entry_bytes_max);

tl::unexpected<Error> disk_error(std::string_view doing, const fs::path& path, int error = errno) {
    const auto code = error == ENOENT ? Errc::not_found : Errc::unavailable;
    return fail(code,
                std::string{doing} + " " + path.string() + ": " + std::system_category().message(error));
}

Result<> write_all(int file, Bytes bytes, const fs::path& path) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return disk_error("write", path);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

/// Makes the folders above `path`, and adds to `folders` all that must be synced for it to be found again:
/// also those that were there already, as an interrupted run may have made them without syncing.
Result<> make_folders(const fs::path& root, const fs::path& path, std::set<fs::path>& folders) {
    const auto parent = path.parent_path();
    if (!folders.insert(parent).second || parent == root) return {};
    TRY(make_folders(root, parent, folders));
    std::error_code error;
    fs::create_directory(parent, error);   // no error when it is there
    if (error) return fail(Errc::unavailable, "make folder " + parent.string() + ": " + error.message());
    return {};
}

}   // namespace

Result<Buffer> read_file(const fs::path& path, std::size_t bytes_max) {
    const Descriptor file{path, O_RDONLY | O_NOFOLLOW};
    if (!file.is_open()) return disk_error("open", path);
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) return disk_error("read", path);
    if (!S_ISREG(status.st_mode))
        return fail(Errc::unavailable, "read " + path.string() + ": it is not a file");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > bytes_max) return fail(Errc::limit_exceeded, "read " + path.string() + ": it is too long");
    Buffer bytes(size);
    std::size_t done = 0;
    while (done < size) {
        const auto got = ::read(file.number(), bytes.data() + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return disk_error("read", path);
        if (got == 0) break;   // it was cut meanwhile
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

TileStore::TileStore(fs::path folder, FileSteps steps)
    : folder_(std::move(folder)), steps_(std::move(steps)) {}

Result<> TileStore::step(FileStep step, const fs::path& path) const {
    return steps_ ? steps_(step, path) : Result<>{};
}

Result<> TileStore::prepare() const {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (!error) fs::remove_all(folder_ / staging, error);
    if (!error) fs::create_directory(folder_ / staging, error);
    if (error) return fail(Errc::unavailable, "prepare " + folder_.string() + ": " + error.message());
    return sync_folder(folder_);
}

fs::path TileStore::staged_path(std::size_t number) const {
    return folder_ / staging / std::to_string(number);
}

Result<> TileStore::stage(const File& file, const fs::path& staged) const {
    TRY(step(FileStep::write, folder_ / file.path));
    const Descriptor descriptor{staged, O_WRONLY | O_CREAT | O_TRUNC};
    if (!descriptor.is_open()) return disk_error("create", staged);
    return write_all(descriptor.number(), file.bytes, staged);
}

Result<> TileStore::sync_folder(const fs::path& folder) const {
    TRY(step(FileStep::sync_folder, folder));
    const Descriptor descriptor{folder, O_RDONLY | O_DIRECTORY};
    if (!descriptor.is_open() || ::fsync(descriptor.number()) != 0) return disk_error("sync", folder);
    return {};
}

/// All staged files are durable afterwards.
Result<> TileStore::sync_staged(std::span<const File> files, const Descriptor& folder) const {
    for (const auto& file : files) TRY(step(FileStep::sync, folder_ / file.path));
    if (files.size() > sync_each_max) {
        // Reports the write errors of all files of the file system since `folder` was opened (Linux 5.8).
        if (::syncfs(folder.number()) != 0) return disk_error("sync", folder_ / staging);
        return {};
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        const Descriptor descriptor{staged_path(i), O_RDWR};
        if (!descriptor.is_open() || ::fsync(descriptor.number()) != 0)
            return disk_error("sync", staged_path(i));
    }
    return {};
}

Result<> TileStore::write(std::span<const File> files) const {
    const Descriptor opened{folder_ / staging, O_RDONLY | O_DIRECTORY};
    if (!opened.is_open()) return disk_error("open", folder_ / staging);
    for (std::size_t i = 0; i < files.size(); ++i) TRY(stage(files[i], staged_path(i)));
    TRY(sync_staged(files, opened));
    std::set<fs::path> folders;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto target = folder_ / files[i].path;
        TRY(make_folders(folder_, target, folders));
        TRY(step(FileStep::rename, target));
        if (::rename(staged_path(i).c_str(), target.c_str()) != 0) return disk_error("rename to", target);
    }
    for (const auto& folder : folders) TRY(sync_folder(folder));
    return {};
}

Result<> TileStore::write_tiles(std::vector<File> files) const {
    const auto is_there = [&](const File& file) -> Result<bool> {
        const auto known = read_file(folder_ / file.path, file_bytes_max);
        if (!known && known.error().code == Errc::not_found) return false;
        if (!known) return tl::unexpected(known.error());
        if (*known != file.bytes) return fail(Errc::corrupt, file.path + " is there already and is another");
        return true;
    };
    std::vector<File> missing;
    std::set<fs::path> folders;   // of what is there, perhaps not durably
    for (auto& file : files) {
        if (TRY(is_there(file)))
            TRY(make_folders(folder_, folder_ / file.path, folders));
        else
            missing.push_back(std::move(file));
    }
    TRY(write(missing));
    for (const auto& folder : folders) TRY(sync_folder(folder));
    return {};
}

Result<Buffer> TileStore::read(const std::string& path) const {
    return read_file(folder_ / path, file_bytes_max);
}

Result<Buffer> TileStore::read_tile(const Tile& tile) const {
    auto bytes = read(tile_path(tile));
    if (!bytes && bytes.error().code == Errc::not_found && !tile.is_full())
        bytes = read(tile_path(tile.full()));
    if (!bytes && bytes.error().code == Errc::not_found)
        return fail(Errc::corrupt, tile_path(tile) + " is missing");
    return bytes;
}

Result<std::vector<Digest>> TileStore::read_hashes(const Tile& tile) const {
    auto bytes = TRY(read_tile(tile));
    if (bytes.size() == tile_width * sizeof(Digest)) bytes.resize(tile.width * sizeof(Digest));
    auto hashes = parse_hashes(bytes, tile.width);
    if (!hashes) return fail(Errc::corrupt, tile_path(tile) + " " + hashes.error().what);
    return hashes;
}

Result<Buffer> TileStore::read_entries(const Tile& tile) const {
    auto bytes = TRY(read_tile(tile));
    const auto length = entries_length(bytes, tile.width);
    if (!length) return fail(Errc::corrupt, tile_path(tile) + " ends too early");
    bytes.resize(*length);
    return bytes;
}

Result<> TileStore::remove_partials(const Tile& full) const {
    WARD_ASSERT(full.is_full());
    const auto folder = folder_ / (tile_path(full) + ".p");
    std::error_code error;
    if (!fs::is_directory(folder, error)) return {};
    TRY(step(FileStep::remove, folder));
    fs::remove_all(folder, error);
    if (error) return fail(Errc::unavailable, "remove " + folder.string() + ": " + error.message());
    return {};
}

}   // namespace ward::ledger
