// SPDX-License-Identifier: Apache-2.0
// An HTTPS/1.1 server. It knows requests and answers, and nothing of what they mean.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/unique_function.hpp"
#include "http/message.hpp"
#include "http/tls_identity.hpp"
#include "http/tls_link.hpp"

namespace ward::http {

class Connection;

/// The one chance to answer a request, from any thread. Dropped without an answer, the client gets 500 and
/// its connection is closed.
class Respond {
public:
    explicit Respond(std::unique_ptr<Connection> connection);
    Respond(Respond&&) noexcept;
    Respond& operator=(Respond&&) = delete;
    ~Respond();

    void operator()(Response response);

private:
    std::unique_ptr<Connection> connection_;   // who holds it is the only one to touch the connection
};

/// Called on the server's own threads, many at a time; may block for a moment, and may answer later.
using Answer = std::function<void(Request request, Respond respond)>;

/// Shapes the body of an answer that the server itself gives: 400, 408, 413, 417, 431, 500, 501, 503, 505.
/// `what` is a fixed phrase without anything of the request in it.
struct ErrorBody {
    std::string content_type = "text/plain; charset=utf-8";
    std::function<std::string(int status, std::string_view what)> write{};
};

/// Asked about each answer that the server is about to give by itself, on one of its threads. The answer is
/// sent once `go_on` was called, from any thread.
using Refused = std::function<void(int status, std::string_view what, const std::string& peer_address,
                                   UniqueFunction<void()> go_on)>;

struct ServerLimits {
    std::size_t header_bytes_max = 16 * 1024;           // 431
    std::size_t body_bytes_max = 64 * 1024 * 1024;      // 413
    std::size_t bodies_bytes_max = 512 * 1024 * 1024;   // all requests' bodies together: 503
    std::size_t connections_max = 4096;                 // more are closed at once
    std::size_t requests_in_flight_max = 4096;          // handed to Answer and not answered yet: 503
    std::chrono::milliseconds handshake_timeout{10'000};
    std::chrono::milliseconds header_timeout{15'000};   // from a request's first byte to its last header: 408
    std::chrono::milliseconds body_timeout{15'000};     // plus the time its bytes take at body_rate_min: 408
    std::chrono::milliseconds write_timeout{30'000};    // plus the time the answer takes at body_rate_min
    std::size_t body_rate_min = 16 * 1024;              // bytes per second
    std::chrono::milliseconds idle_timeout{60'000};     // between requests
    std::chrono::milliseconds linger_timeout{2'000};    // reading on after an early answer, RFC 9112, 9.6
    std::chrono::milliseconds drain_timeout{10'000};    // stop() cuts what takes longer than this
};

struct ServerOptions {
    std::string address = "127.0.0.1:0";   // a numeric address and a port; 0 is any free one
    ServerLimits limits{};
    ErrorBody error_body{};
    Refused refused{};
    std::optional<TlsClients> clients{};   // whose certificates are asked for, if any
    unsigned threads = 0;                  // 0: max(4, two per core)
};

/// Read while the server runs; each number is exact, all together are not one instant.
struct ServerCounters {
    std::uint64_t connections = 0;   // accepted, ever
    std::uint64_t connections_open = 0;
    std::uint64_t connections_rejected = 0;   // because connections_max were open
    std::uint64_t handshakes_failed = 0;
    std::uint64_t requests = 0;   // handed to Answer
    std::uint64_t requests_in_flight = 0;
    std::uint64_t requests_refused = 0;   // answered by the server itself
    std::uint64_t timeouts = 0;           // of any kind but idle
    std::uint64_t bodies_bytes = 0;       // held for requests that are arriving or being answered
};

class Server {
public:
    /// Listens; no request is answered before start().
    static Result<Server> open(ServerOptions options, const TlsIdentity& identity, Answer answer);

    Server(Server&&) noexcept;
    Server& operator=(Server&&) = delete;
    ~Server();   // stops

    void start();

    /// Stops accepting, lets requests in flight be answered, and returns when nothing is left. The owner must
    /// let go of every Respond, or this waits for it. Not to be called from Answer.
    void stop();

    std::uint16_t port() const;
    ServerCounters counters() const;

private:
    class Listener;
    explicit Server(std::unique_ptr<Listener> listener);
    std::unique_ptr<Listener> listener_;
};

}   // namespace ward::http
