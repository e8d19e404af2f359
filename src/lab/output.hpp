// SPDX-License-Identifier: Apache-2.0
// Files that grow, in a folder that gets its name when all of them are whole; and one that gets it at the
// end.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/unique_fd.hpp"

namespace ward::lab {

class OutputFile {
public:
    static Result<OutputFile> create(const std::filesystem::path& path);

    void write(Bytes bytes);
    void write(std::string_view text) { write(as_bytes(text)); }
    /// Says whether all that was written is there.
    Result<> finish();
    std::uint64_t size() const { return size_; }

private:
    OutputFile(std::filesystem::path path, std::ofstream stream)
        : path_(std::move(path)), stream_(std::move(stream)) {}

    void hand_on();

    std::filesystem::path path_;
    std::ofstream stream_;
    Buffer waiting_;   // for the system, which takes long for each word it is told
    std::uint64_t size_ = 0;
};

/// Takes itself away with all that is in it, unless it was kept.
class OutputFolder {
public:
    /// Errc::conflict if `target` is there already, or if what stands where it is made is not of a run of the
    /// lab that was interrupted: only that is cleared away.
    static Result<OutputFolder> create(std::filesystem::path target);
    OutputFolder(OutputFolder&& other) noexcept;
    OutputFolder& operator=(OutputFolder&&) = delete;
    ~OutputFolder();

    const std::filesystem::path& path() const { return partial_; }
    Result<> keep();

private:
    OutputFolder(std::filesystem::path target, std::filesystem::path partial, UniqueFd mark)
        : target_(std::move(target)), partial_(std::move(partial)), mark_(std::move(mark)) {}

    std::filesystem::path target_;
    std::filesystem::path partial_;   // empty: there is nothing to take away
    UniqueFd mark_;                   // locked while this run goes on
};

/// A file that is written at the end, whole or not at all; that it can be is known from the beginning. What
/// it replaces stays until then.
class LateFile {
public:
    /// Errc::conflict if there is something else than a file, or something where it is written first.
    static Result<LateFile> create(const std::filesystem::path& path);
    LateFile(LateFile&& other) noexcept;
    LateFile& operator=(LateFile&&) = delete;
    ~LateFile();

    Result<> keep(std::string_view text);

private:
    LateFile(std::filesystem::path path, std::filesystem::path unfinished, UniqueFd lock)
        : path_(std::move(path)), unfinished_(std::move(unfinished)), lock_(std::move(lock)) {}

    std::filesystem::path path_;
    std::filesystem::path unfinished_;   // empty: there is nothing to take away
    UniqueFd lock_;                      // tells others that it is in use
};

}   // namespace ward::lab
