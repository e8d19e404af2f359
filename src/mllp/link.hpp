// SPDX-License-Identifier: Apache-2.0
// One accepted connection, read and written with deadlines, over TLS or without.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "core/unique_fd.hpp"
#include "http/tls_link.hpp"

namespace ward::mllp {

using Deadline = std::optional<std::chrono::steady_clock::time_point>;   // none: for ever

/// The peer has `closed` when it said so (FIN, or close_notify); a connection that broke has `failed`.
enum class ReadStep { bytes, closed, failed, timed_out, stopped };

struct ReadAmount {
    ReadStep step = ReadStep::failed;
    std::size_t count = 0;
};

/// For one thread. Every wait also ends when `stop` becomes readable, which the caller keeps open.
class Link {
public:
    Link(UniqueFd socket, int stop, std::optional<http::TlsLink> tls)
        : socket_(std::move(socket)), stop_(stop), tls_(std::move(tls)) {}

    /// Nothing to do without TLS.
    bool handshake(Deadline deadline);
    /// Why the handshake failed.
    std::string_view failure() const;
    ReadAmount read(std::span<char> target, Deadline deadline);
    /// Not ended by `stop`: what was taken in is answered.
    bool write(std::string_view text, Deadline deadline);
    void close();
    std::optional<http::PeerCertificate> peer_certificate() const;

private:
    enum class Stoppable { yes, no };
    ReadStep wait(short events, Deadline deadline, Stoppable stoppable) const;
    http::TlsAmount read_some(std::span<char> target);
    http::TlsAmount write_some(std::string_view source);

    UniqueFd socket_;
    int stop_;
    std::optional<http::TlsLink> tls_;
};

}   // namespace ward::mllp
