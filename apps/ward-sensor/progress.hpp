// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "apps/ward-sensor/commands.hpp"

namespace ward::sensor {

/// How far reading is: one line on the terminal, once a second. Says nothing where standard error is none, or
/// where the events are written to one.
class Progress {
public:
    explicit Progress(const CommandOptions& options);

    /// So many bytes of the files were read, and so many frames were in them.
    void tell(std::uint64_t bytes, std::uint64_t frames);
    /// Makes room for another line.
    void clear();

private:
    using Steady = std::chrono::steady_clock;
    bool is_shown_ = false;
    std::uint64_t total_ = 0;   // bytes of all files; 0 where that is not known
    Steady::time_point told_;
    bool is_there_ = false;   // a line, on the terminal
};

}   // namespace ward::sensor
