// SPDX-License-Identifier: Apache-2.0
// A connection to a receiver, with TLS or without.
#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "core/unique_fd.hpp"
#include "http/tls_link.hpp"
#include "lab/play/receiver.hpp"

namespace ward::lab {

/// How systems speak to a receiver, and for how long they go on trying.
struct Manner {
    const http::TlsRole* role = nullptr;   // borrowed; none: without TLS
    std::chrono::seconds patience{60};
};

/// For one thread. Errors are Errc::unavailable; after one it is of no more use.
class Stream {
public:
    static Result<Stream> connect(const Receiver& receiver, const Manner& manner);

    Result<> write(std::string_view bytes);
    /// How many bytes came; none: the other side has closed.
    Result<std::size_t> read(std::span<char> target);
    /// Ends in order: what was written has gone out, and the other side closes too, or the patience ends.
    void finish();

private:
    Stream(const Receiver& receiver, const Manner& manner, UniqueFd socket)
        : receiver_(receiver), manner_(manner), socket_(std::move(socket)) {}
    Result<> wait(short events);
    Result<> shake_hands();
    Result<> wait_for(http::TlsStep step);

    Receiver receiver_;
    Manner manner_;
    UniqueFd socket_;
    std::optional<http::TlsLink> link_{};
};

}   // namespace ward::lab
