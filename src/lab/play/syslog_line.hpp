// SPDX-License-Identifier: Apache-2.0
// A sender's end of syslog over a stream (RFC 5425 over TLS, RFC 6587 without): nothing comes back.
#pragma once

#include "lab/play/stream.hpp"

namespace ward::lab {

/// Connects when it has something to send, and again after the connection was lost. For one thread at a time.
class SyslogLine {
public:
    SyslogLine(Receiver receiver, Manner manner) : receiver_(std::move(receiver)), manner_(manner) {}

    /// As it stands in the stream. Returns when the system has taken it, which does not mean that the
    /// receiver has: syslog has no acknowledgement. Errc::unavailable if nobody took it within the patience.
    Result<> send(std::string_view frame);
    /// Once all is sent: what is on its way arrives.
    void finish() {
        if (stream_) stream_->finish();
    }

private:
    Receiver receiver_;
    Manner manner_;
    std::optional<Stream> stream_{};
};

}   // namespace ward::lab
