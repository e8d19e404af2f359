// SPDX-License-Identifier: Apache-2.0
// A file of lines that another program writes, and now and then puts aside for a new one of the same name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "spool/record.hpp"

namespace ward::follow {

constexpr std::size_t line_bytes_max = spool::text_bytes_max;

/// How far a file was read. It is known by its inode and by how it begins, since inodes are used again.
struct Place {
    std::uint64_t inode = 0;   // 0: of none
    std::uint64_t offset = 0;
    std::string head{};   // hexadecimal, of the digest of its first bytes

    bool operator==(const Place&) const = default;
};

struct Piece {
    std::string lines{};          // whole ones, with their ends
    std::uint64_t too_long = 0;   // lines that were passed over
    Place before{};
    Place after{};
    bool ends_within_line = false;   // one that is too long
};

class GrowingFile {
public:
    static constexpr std::size_t piece_bytes = 4 * line_bytes_max;

    /// Goes on at `from`, also if that file was put aside under another name in its folder. Without a place,
    /// or if that file is gone, from the beginning of the one that has the name now.
    GrowingFile(std::filesystem::path path, Place from) : path_(std::move(path)), place_(std::move(from)) {}

    /// The next lines, perhaps none. What was put aside is read to its end first. The same piece comes until
    /// done(). Errc::unavailable when it cannot be read; that it is not there yet is nothing.
    Result<Piece> next();
    /// The piece is where it must be.
    void done(const Piece& piece) {
        place_ = piece.after;
        is_within_long_line_ = piece.ends_within_line;
    }

    const std::filesystem::path& path() const noexcept { return path_; }
    const Place& place() const noexcept { return place_; }

private:
    Result<> open();
    Result<> open_put_aside();
    bool is_same(int file, std::uint64_t inode) const;
    Result<Piece> read_on();
    Result<bool> is_put_aside() const;

    std::filesystem::path path_;
    Place place_;
    UniqueFd file_;
    bool is_within_long_line_ = false;
};

}   // namespace ward::follow
