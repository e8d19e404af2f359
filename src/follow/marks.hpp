// SPDX-License-Identifier: Apache-2.0
// How far each file was read, on disk: docs/formats/following.md.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/result.hpp"
#include "follow/growing_file.hpp"

namespace ward::follow {

struct Marks {
    std::map<std::string, Place, std::less<>> places{};   // by the file's name
    /// Whose events are added to the spool next, and the number of their first: of what is added once these
    /// marks are on disk, and perhaps not wholly. Empty: not a file's.
    std::string adding{};
    std::uint64_t next = 1;

    bool operator==(const Marks&) const = default;
};

/// Durable when it returns. Errc::unavailable.
Result<> write_marks(const std::filesystem::path& file, const Marks& marks);
/// Errc::not_found where there are none, Errc::corrupt.
Result<Marks> read_marks(const std::filesystem::path& file);

}   // namespace ward::follow
