// SPDX-License-Identifier: Apache-2.0
// An MLLP server, plain or over TLS. It knows frames and answers, and nothing of what they mean.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "hl7/mllp.hpp"
#include "http/tls_link.hpp"

namespace ward::mllp {

struct ServerLimits {
    std::size_t connections_max = 256;   // more are closed at once; each has a thread
    std::size_t connections_per_address_max = 64;
    std::size_t message_bytes_max = std::size_t{16} << 20;
    std::size_t bytes_max = std::size_t{256} << 20;   // not answered yet, all connections together
    std::chrono::milliseconds handshake_timeout{10'000};
    std::chrono::milliseconds unended_timeout{10'000};   // then a message without FS may be whole
    std::chrono::milliseconds message_timeout{
        60'000};   // from its last byte so far: then the connection is closed
    std::chrono::milliseconds write_timeout{30'000};
};

/// Who sent a frame.
struct Peer {
    std::string address;
    std::optional<http::PeerCertificate> certificate;
};

/// Takes a frame in and says what to answer, in order. Called on the connection's own thread, where it may
/// wait; the sender gets nothing before it returns.
using Take = std::function<std::vector<std::string>(const hl7::Frame& frame, const Peer& peer)>;

struct ServerOptions {
    std::string address = "127.0.0.1:0";   // a numeric address and a port; 0 is any free one
    std::optional<http::TlsRole> tls{};
    ServerLimits limits{};
};

struct ServerCounters {
    std::uint64_t connections = 0;   // accepted, ever
    std::uint64_t connections_open = 0;
    std::uint64_t connections_rejected = 0;
    std::uint64_t handshakes_failed = 0;
    std::uint64_t frames = 0;
    std::uint64_t unended = 0;         // of them, without FS
    std::uint64_t abandoned = 0;       // messages that were begun and never ended
    std::uint64_t garbage_bytes = 0;   // outside of frames
};

/// A connection that was not served. `why` is a fixed phrase.
struct RefusedConnection {
    std::string address;
    std::string why;
};

class Server {
public:
    /// Listens; nothing is accepted before start().
    static Result<Server> open(ServerOptions options, Take take);

    Server(Server&&) noexcept;
    Server& operator=(Server&&) = delete;
    ~Server();   // stops

    void start();
    /// What is being taken in is still answered; then all connections are closed.
    void stop();

    std::uint16_t port() const;
    ServerCounters counters() const;
    RefusedConnection last_refused() const;   // empty if there was none

private:
    class Listener;
    explicit Server(std::unique_ptr<Listener> listener);
    std::unique_ptr<Listener> listener_;
};

}   // namespace ward::mllp
