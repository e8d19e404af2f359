// SPDX-License-Identifier: Apache-2.0
// A program that `ward run` wants to run, while care goes on without it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "core/result.hpp"

namespace ward::cli {

/// That it cannot run, or has ended, is told and stops nothing else: it is tried again, less and less often.
class Companion {
public:
    using Begin = std::function<Result<pid_t>()>;
    Companion(std::string program, Begin begin) : program_(std::move(program)), begin_(std::move(begin)) {}

    void start();
    /// Whether that process was this program, and how it ended.
    bool ended(pid_t process, int code);
    void start_if_due();
    /// Until then; nothing while it runs.
    std::optional<std::chrono::milliseconds> until_due() const;
    void stop();

private:
    using Steady = std::chrono::steady_clock;
    void start_later(std::string_view what, std::string_view reason);

    std::string program_;
    Begin begin_;
    pid_t process_ = 0;
    Steady::time_point began_;
    std::optional<Steady::time_point> due_;
    std::chrono::seconds pause_{1};
};

}   // namespace ward::cli
