// SPDX-License-Identifier: Apache-2.0
#include "follow/growing_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

#include "crypto/hash.hpp"

namespace ward::follow {
namespace {

constexpr std::uint64_t head_bytes = 256;

tl::unexpected<Error> refused(const std::filesystem::path& path) {
    return fail(Errc::unavailable, path.string() + ": " + std::strerror(errno));
}

/// What is there of so many bytes.
Result<std::string> read_at(int file, std::uint64_t offset, std::size_t bytes,
                            const std::filesystem::path& path) {
    std::string text(bytes, '\0');
    std::size_t has = 0;
    while (has < bytes) {
        const auto read = ::pread(file, text.data() + has, bytes - has, static_cast<off_t>(offset + has));
        if (read < 0 && errno == EINTR) continue;
        if (read < 0) return refused(path);
        if (read == 0) break;
        has += static_cast<std::size_t>(read);
    }
    text.resize(has);
    return text;
}

/// Of the bytes that were read at the most, so that it stays the same while the file grows.
Result<std::string> head_of(int file, std::uint64_t offset, const std::filesystem::path& path) {
    const auto text = TRY(read_at(file, 0, std::min(offset, head_bytes), path));
    return to_hex(Bytes{crypto::sha256(as_bytes(text))}.first(8));
}

}   // namespace

bool GrowingFile::is_same(int file, std::uint64_t inode) const {
    struct stat about {};
    if (::fstat(file, &about) != 0 || about.st_ino != inode || !S_ISREG(about.st_mode)) return false;
    if (static_cast<std::uint64_t>(about.st_size) < place_.offset) return false;
    const auto head = head_of(file, place_.offset, path_);
    return head && *head == place_.head;
}

/// Of the files beside it the one that was read last, if it is there.
Result<> GrowingFile::open_put_aside() {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{path_.parent_path(), error}) {
        struct stat about {};
        if (::stat(entry.path().c_str(), &about) != 0 || about.st_ino != place_.inode) continue;
        UniqueFd file{::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
        if (file && is_same(file.get(), place_.inode)) {
            file_ = std::move(file);
            return {};
        }
    }
    return {};
}

Result<> GrowingFile::open() {
    if (file_) return {};
    if (place_.inode != 0) TRY(open_put_aside());
    if (file_) return {};
    UniqueFd file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file && errno == ENOENT) return {};
    if (!file) return refused(path_);
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) return refused(path_);
    if (!S_ISREG(about.st_mode)) return fail(Errc::unavailable, path_.string() + ": no ordinary file");
    place_ = {.inode = about.st_ino, .head = TRY(head_of(file.get(), 0, path_))};
    file_ = std::move(file);
    is_within_long_line_ = false;
    return {};
}

Result<Piece> GrowingFile::read_on() {
    Piece piece{.before = place_, .after = place_};
    auto text = TRY(read_at(file_.get(), place_.offset, piece_bytes, path_));
    if (is_within_long_line_) {
        const auto end = text.find('\n');
        const auto rest = end == std::string::npos ? text.size() : end + 1;
        is_within_long_line_ = end == std::string::npos;
        place_.offset += rest;
        place_.head = TRY(head_of(file_.get(), place_.offset, path_));
        if (rest > 0 && rest == text.size()) return read_on();
        piece.before = place_;
        text.erase(0, rest);
    }
    const auto end = text.rfind('\n');
    if (end == std::string::npos && text.size() > line_bytes_max) {
        piece.ends_within_line = true;
        piece.too_long = 1;
        piece.after.offset = place_.offset + text.size();
    } else {
        text.resize(end == std::string::npos ? 0 : end + 1);
        piece.after.offset = place_.offset + text.size();
        piece.lines = std::move(text);
    }
    piece.after.head = TRY(head_of(file_.get(), piece.after.offset, path_));
    return piece;
}

/// Whether the name is another file's now.
Result<bool> GrowingFile::is_put_aside() const {
    struct stat named {
    }, ours{};
    if (::fstat(file_.get(), &ours) != 0) return refused(path_);
    if (static_cast<std::uint64_t>(ours.st_size) < place_.offset) return true;   // it was emptied
    if (::stat(path_.c_str(), &named) != 0) return false;   // the new one is not there yet
    return named.st_ino != ours.st_ino || named.st_dev != ours.st_dev;
}

Result<Piece> GrowingFile::next() {
    TRY(open());
    if (!file_) return Piece{.before = place_, .after = place_};
    // Asked first: what is written to the old one after that is written before the new one is.
    const bool is_old = TRY(is_put_aside());
    auto piece = TRY(read_on());
    if (piece.after.offset != piece.before.offset || piece.too_long > 0 || !is_old) return piece;
    file_ = {};
    place_ = {};
    return next();
}

}   // namespace ward::follow
