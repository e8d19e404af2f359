// SPDX-License-Identifier: Apache-2.0
// One connection of the server. Includes Asio: for this folder's sources only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/request_reader.hpp"
#include "http/site.hpp"

namespace ward::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// Exactly one operation is under way at any time: a wait for the socket, a posted step, or the program's
/// answer. Whoever runs it owns the connection by a unique_ptr and hands it on; letting go of it closes the
/// connection.
class Connection {
public:
    using Owner = std::unique_ptr<Connection>;

    Connection(Site& site, Socket socket, TlsLink tls, std::string peer_address);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    static void handshake(Owner self);

    // From any thread.
    static void respond(Owner self, Response response);
    static void abandon(Owner self);

private:
    using Step = void (*)(Owner);
    enum class Reading { goes_on, is_over };
    enum class AfterWrite { read_on, next_request, close };

    static void wait(Owner self, Socket::wait_type event, Step next);
    static void post(Owner self, Step next);
    static void read(Owner self);
    static void resume(Owner self);
    static Reading advance(Owner& self, std::string_view bytes);
    static void answer(Owner self);
    static void write(Owner self);
    static void finish(Owner self);
    static void await_request(Owner self);
    static void linger(Owner self);
    static void discard(Owner self);
    static void time_out(Owner self);
    static void refuse(Owner self, Refusal refusal);

    bool keep_time();
    void prepare(Response response);
    std::string_view unsent() const;

    Site& site_;
    Socket socket_;
    TlsLink tls_;
    const std::string peer_address_;
    RequestReader reader_;
    Watched watched_;

    std::optional<Moment> request_began_;
    std::optional<Moment> body_began_;
    std::optional<Moment> write_began_;

    // The answer being sent: the header with as much of the body as fits a record, then the rest of the body.
    std::string head_;
    std::string body_;
    std::size_t head_sent_ = 0;
    std::size_t body_sent_ = 0;
    AfterWrite after_write_ = AfterWrite::next_request;
};

}   // namespace ward::http
