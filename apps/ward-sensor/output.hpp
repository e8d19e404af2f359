// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace ward::sensor {

/// Where events are written: a file that is made or emptied, or standard output.
class Output {
public:
    /// Standard output if `path` is empty. Errc::denied.
    static Result<Output> open(const std::string& path);
    Output(Output&& other) noexcept;
    Output& operator=(Output&&) = delete;
    ~Output();

    /// All of `text`. Errc::unavailable: the disk is full, or nobody reads the pipe any more.
    Result<> write(std::string_view text);
    /// Errors that a file system tells late.
    Result<> close();

private:
    Output(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}

    std::string name_;
    int descriptor_;
};

}   // namespace ward::sensor
