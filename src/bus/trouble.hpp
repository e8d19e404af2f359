// SPDX-License-Identifier: Apache-2.0
// What is tried for ever, and told now and then.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace ward::bus {

/// Waits so long, or until it is asked to stop.
void pause(const std::stop_token& stop, std::chrono::milliseconds time);

/// Told when it has lasted for a while, once a minute, and when it is over.
class Trouble {
public:
    /// `what`: a log's message.
    explicit Trouble(std::string what) : what_(std::move(what)) {}
    void tell(std::string_view reason);
    void is_over();

private:
    using Steady = std::chrono::steady_clock;
    std::string what_;
    std::optional<Steady::time_point> since_;
    std::optional<Steady::time_point> told_;
};

}   // namespace ward::bus
