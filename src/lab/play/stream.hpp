// SPDX-License-Identifier: Apache-2.0
// A connection to a receiver, with TLS or without.
#pragma once

#include <optional>
#include <span>

#include "core/unique_fd.hpp"
#include "http/tls_link.hpp"
#include "lab/play/deadline.hpp"
#include "lab/play/receiver.hpp"

namespace ward::lab {

/// For one thread. Errors are Errc::unavailable; after one it is of no more use.
class Stream {
public:
    /// `role` is borrowed; none: without TLS.
    static Result<Stream> connect(const Receiver& receiver, const http::TlsRole* role, Deadline& deadline);

    Result<> write(std::string_view bytes, Deadline& deadline);
    /// How many bytes came; none: the other side has closed.
    Result<std::size_t> read(std::span<char> target, Deadline& deadline);

    bool is_fresh() const { return is_fresh_; }   // nothing was written yet
    /// Whether something else can be sent: nothing came that nobody asked for, such as the other side's end.
    bool is_usable();
    void retire() { is_retired_ = true; }   // the other side closes it
    /// Whether the other side's system has all that was written.
    bool has_arrived() const;
    /// Says that no more comes, if that is possible at once.
    void end() {
        if (link_) link_->close();
    }
    /// Ends in order: what was written has gone out, and the other side closes too, or it is too late.
    void finish(Deadline& deadline);

private:
    Stream(Receiver receiver, UniqueFd socket) : receiver_(std::move(receiver)), socket_(std::move(socket)) {}
    Result<> wait(short events, Deadline& deadline);
    Result<> wait_for(http::TlsStep step, Deadline& deadline);

    Receiver receiver_;
    UniqueFd socket_;
    std::optional<http::TlsLink> link_{};
    bool is_fresh_ = true;
    bool is_retired_ = false;
};

}   // namespace ward::lab
