// SPDX-License-Identifier: Apache-2.0
// A sender's way to a receiver: a connection when there is something to send, and another when it was lost.
#pragma once

#include <fmt/format.h>
#include <type_traits>

#include "lab/play/stream.hpp"

namespace ward::lab {

/// How a receiver is spoken to.
struct Manner {
    Receiver receiver{};
    const http::TlsRole* role = nullptr;   // borrowed; none: without TLS
    std::chrono::seconds patience{60};     // of each send
    int stop = -1;                         // as Deadline has it
    std::string_view advice{};             // what to do when nobody answers
};

/// What a receiver said to what was sent.
struct Answer {
    bool is_taken = false;
    std::string why{};   // of what is refused: a code and what it means, and nothing that the sender said
};

/// For one thread at a time.
class Line {
public:
    explicit Line(Manner manner) : manner_(std::move(manner)) {}

    const Receiver& receiver() const { return manner_.receiver; }
    bool is_open() const { return stream_.has_value(); }
    Deadline deadline() const { return Deadline{manner_.patience, manner_.stop}; }

    /// What `talk` makes of a connection. When it fails it is tried again with another one, until the
    /// patience ends: then Errc::unavailable, with the receiver's name and what to do.
    template <class Talk>
    auto send(Talk talk) -> std::invoke_result_t<Talk, Stream&, Deadline&> {
        using Sent = std::invoke_result_t<Talk, Stream&, Deadline&>;
        auto until = deadline();
        auto sent = try_until(until, [&]() -> Sent {
            auto done = [&]() -> Sent {
                if (!stream_ || !stream_->is_usable())
                    stream_ = TRY(Stream::connect(manner_.receiver, manner_.role, until));
                return talk(*stream_, until);
            }();
            if (!done) stream_.reset();
            return done;
        });
        if (sent) return sent;
        const auto spent = std::chrono::round<std::chrono::seconds>(until.spent());
        return fail(Errc::unavailable, fmt::format("{}; it was tried for {} s (--patience). {}",
                                                   sent.error().what, spent.count(), manner_.advice));
    }

    /// Of a connection on which nothing is under way.
    void close() {
        if (stream_) stream_->end();
        stream_.reset();
    }
    /// In order: what was written arrives. Who does not end its side then is not waited for long.
    void finish() {
        constexpr std::chrono::seconds farewell{5};
        Deadline until{std::min(manner_.patience, farewell), manner_.stop};
        if (stream_) stream_->finish(until);
        stream_.reset();
    }

private:
    Manner manner_;
    std::optional<Stream> stream_{};
};

}   // namespace ward::lab
