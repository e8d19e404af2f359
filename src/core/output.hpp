// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/unique_fd.hpp"

namespace ward {

/// Where events are written: a file, or standard output.
class Output {
public:
    static constexpr unsigned kept_max = 8;

    /// Standard output if `path` is empty or `-`, else a file that is made or emptied. With `rotate_bytes` it
    /// is gone on with instead: when it has so many, it becomes PATH.1, what was PATH.1 becomes PATH.2, up to
    /// kept_max. Errc::denied, Errc::conflict when another Output has the file.
    static Result<Output> open(const std::string& path, std::uint64_t rotate_bytes = 0);

    /// All of `text`, whole lines. A file that was removed is made anew. Errc::unavailable when the disk is
    /// full; what comes later begins a line of its own. Errc::not_found when nobody reads the pipe any more.
    Result<> write(std::string_view text);
    /// Errors that a file system tells late.
    Result<> close();

private:
    Output(std::string name, UniqueFd file, std::uint64_t rotate_bytes)
        : name_(std::move(name)), file_(std::move(file)), rotate_bytes_(rotate_bytes) {}
    Result<> go_on();
    Result<> go_on_if_removed();
    Result<> rotate();
    Result<> write_whole(std::string_view text);

    std::string name_;
    UniqueFd file_;
    std::uint64_t rotate_bytes_;   // 0: never
    std::uint64_t size_ = 0;       // counted where it rotates
    bool can_vanish_ = false;      // it is a file that has a name
    bool torn_ = false;            // what was written last is no whole line
    bool stuck_ = false;           // rotating failed, which was told
};

/// Before an Output is opened, which empties it: each input, a file or `-` for standard input, is there and
/// can be read, and none is what `output` would empty. Errc::not_found, Errc::conflict.
Result<> check_inputs(const std::vector<std::string>& inputs, const std::string& output);

}   // namespace ward
