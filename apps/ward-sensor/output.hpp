// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace ward::sensor {

/// Where events are written: a file that is made or emptied, or standard output.
class Output {
public:
    /// Standard output if `path` is empty. With `rotate_bytes`, a file that has so many becomes PATH.1, and
    /// the one that was PATH.1 becomes PATH.2, up to kept_max. Errc::denied.
    static Result<Output> open(const std::string& path, std::uint64_t rotate_bytes = 0);
    Output(Output&& other) noexcept;
    Output& operator=(Output&&) = delete;
    ~Output();

    /// All of `text`. Errc::unavailable: the disk is full, or nobody reads the pipe any more.
    Result<> write(std::string_view text);
    /// Errors that a file system tells late.
    Result<> close();

private:
    static constexpr unsigned kept_max = 8;
    Output(std::string name, int descriptor, std::uint64_t rotate_bytes)
        : name_(std::move(name)), descriptor_(descriptor), rotate_bytes_(rotate_bytes) {}
    Result<> rotate();

    std::string name_;
    int descriptor_;
    std::uint64_t rotate_bytes_;
    std::uint64_t written_ = 0;
};

}   // namespace ward::sensor
