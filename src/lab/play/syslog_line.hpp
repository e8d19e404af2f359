// SPDX-License-Identifier: Apache-2.0
// A sender's end of syslog over a stream (RFC 5425 over TLS, RFC 6587 without): nothing comes back, so what
// counts is what the receiver's system has acknowledged as TCP does.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "lab/play/line.hpp"

namespace ward::lab {

class SyslogLine {
public:
    explicit SyslogLine(Manner manner) : line_(std::move(manner)) {}

    /// As it stands in the stream. Returns when it is under way; what was when a connection was lost is sent
    /// again over the next. Errc::unavailable as Line has it.
    Result<> send(std::string frame);
    /// Waits until all has arrived, and ends the connection in order.
    Result<> finish();

    bool is_open() const { return line_.is_open(); }
    std::uint64_t arrived() const { return arrived_; }

private:
    enum class Until { written, arrived };
    Result<> bring(Until until);

    Line line_;
    std::deque<std::string> under_way_{};
    std::size_t written_ = 0;   // of those, on the connection that there is
    std::size_t bytes_ = 0;     // of all of those
    std::uint64_t arrived_ = 0;
};

}   // namespace ward::lab
