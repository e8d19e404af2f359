// SPDX-License-Identifier: Apache-2.0
#include "keys/server.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <vector>

#include "core/assert.hpp"
#include "core/log.hpp"
#include "keys/paths.hpp"
#include "keys/unix_socket.hpp"

namespace ward::keys {
namespace {

constexpr std::size_t buffer_bytes = frame_length_bytes + ProtocolLimits{}.frame_bytes_max;
constexpr int backlog = 64;

tl::unexpected<Error> refused(const std::string& what, const std::filesystem::path& path) {
    return fail(Errc::unavailable, what + " " + path.string() + ": " + std::strerror(errno));
}

bool is_peer(int fd, uid_t expected) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == expected;
}

/// As poll() wants it: rounded up, or it would wake too early and spin.
int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
    if (deadline == std::chrono::steady_clock::time_point::max()) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

/// What a client is told anyway, and could fill the log with, is no event for an operator.
bool is_worth_a_line(const Result<>& outcome) {
    return !outcome && (outcome.error().code == Errc::corrupt || outcome.error().code == Errc::denied ||
                        outcome.error().code == Errc::unavailable);
}

/// Drops the first `count` of `size` bytes, and leaves nothing after the rest.
void drop_front(std::span<std::byte> bytes, std::size_t count, std::size_t size) {
    std::ranges::copy(bytes.subspan(count, size - count), bytes.begin());
    crypto::wipe(bytes.subspan(size - count, count));
}

}   // namespace

Result<Server> Server::listen(Keeper& keeper, const Clock& clock, ServerOptions options) {
    TRY(make_private_folder(options.socket.parent_path()));
    const auto address = TRY(unix_address(options.socket));
    UniqueFd listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!listener) return refused("cannot open a socket for", options.socket);
    ::unlink(options.socket.c_str());   // left by one that was killed: the keeper is the only one
    const mode_t mask = ::umask(0177);
    const int bound = ::bind(listener.get(), as_sockaddr(address), sizeof address);
    ::umask(mask);
    if (bound != 0) return refused("cannot bind", options.socket);
    if (::listen(listener.get(), backlog) != 0) return refused("cannot listen at", options.socket);
    return Server{keeper, clock, std::move(options), std::move(listener)};
}

Server::~Server() {
    if (listener_) ::unlink(options_.socket.c_str());
}

Result<> Server::run(int stop) {
    std::vector<pollfd> polled;
    for (;;) {
        const bool full =
            connections_.size() >= options_.connections_max;   // then the others wait in the backlog
        polled.assign({{stop, POLLIN, 0}, {full ? -1 : listener_.get(), POLLIN, 0}});
        auto deadline = Deadline::max();
        for (const auto& connection : connections_) {
            const auto events = static_cast<short>(connection.to_send > 0 ? POLLOUT : POLLIN);
            polled.push_back({connection.fd.get(), events, 0});
            deadline = std::min(deadline, connection.deadline);
        }
        const int ready = ::poll(polled.data(), polled.size(), milliseconds_until(deadline));
        if (ready < 0 && errno != EINTR)
            return fail(Errc::unavailable, std::string{"poll: "} + std::strerror(errno));
        if (ready < 0) continue;
        if (polled[0].revents != 0) return {};

        const auto now = std::chrono::steady_clock::now();
        auto poll = polled.begin() + 2;
        for (auto connection = connections_.begin(); connection != connections_.end(); ++poll) {
            const bool late = connection->deadline <= now;
            const bool closed = late || serve(*connection, poll->revents) == Fate::closed;
            connection = closed ? connections_.erase(connection) : std::next(connection);
        }
        if (polled[1].revents != 0) accept();
    }
}

void Server::accept() {
    UniqueFd fd{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!fd) return;   // the peer has gone again
    if (!is_peer(fd.get(), options_.peer)) {
        log::error("connection of another user refused");
        return;
    }
    auto incoming = crypto::SecretBytes::allocate(buffer_bytes);
    auto outgoing = crypto::SecretBytes::allocate(buffer_bytes);
    if (!incoming || !outgoing) {
        log::error("no lockable memory for another connection");
        return;
    }
    connections_.push_back(
        {.fd = std::move(fd), .incoming = *std::move(incoming), .outgoing = *std::move(outgoing)});
}

Server::Fate Server::serve(Connection& connection, short events) {
    if (events == 0) return Fate::kept;
    if (connection.to_send > 0) {
        if (send(connection) == Fate::closed) return Fate::closed;
    } else if (receive(connection) == Fate::closed) {
        return Fate::closed;
    }
    const auto fate = answer_all(connection);
    set_deadline(connection);
    return fate;
}

Server::Fate Server::receive(Connection& connection) {
    const auto room = connection.incoming.reveal_writable().subspan(connection.received);
    const auto got = ::recv(connection.fd.get(), room.data(), room.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Fate::kept;
    if (got <= 0) return Fate::closed;
    connection.received += static_cast<std::size_t>(got);
    return Fate::kept;
}

Server::Fate Server::malformed(const Error& error) {
    log::warn("malformed request", {{"reason", error.what}});
    return Fate::closed;
}

/// Answers what has come in whole, as long as each reply goes out at once.
Server::Fate Server::answer_all(Connection& connection) {
    while (connection.to_send == 0) {
        const auto frame = first_frame(connection.incoming.reveal().first(connection.received));
        if (!frame) return malformed(frame.error());
        if (!*frame) return Fate::kept;
        const auto request = decode_request(**frame);
        if (!request) return malformed(request.error());
        const auto reply = connection.outgoing.reveal_writable();
        WireWriter fields{reply.subspan(reply_header_bytes)};
        const auto outcome = keeper_->answer(*request, clock_->now(), fields);
        WARD_ASSERT(!fields.overflowed());
        if (is_worth_a_line(outcome))
            log::warn("request refused",
                      {{"operation", static_cast<int>(request->op)}, {"reason", outcome.error().what}});
        connection.to_send = finish_reply(reply, outcome, fields.written());
        drop_front(connection.incoming.reveal_writable(), frame_length_bytes + (*frame)->size(),
                   connection.received);
        connection.received -= frame_length_bytes + (*frame)->size();
        if (send(connection) == Fate::closed) return Fate::closed;
    }
    return Fate::kept;
}

Server::Fate Server::send(Connection& connection) {
    const auto rest =
        connection.outgoing.reveal().subspan(connection.sent, connection.to_send - connection.sent);
    const auto gone = ::send(connection.fd.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (gone < 0) return errno == EAGAIN || errno == EINTR ? Fate::kept : Fate::closed;
    connection.sent += static_cast<std::size_t>(gone);
    if (connection.sent == connection.to_send) {
        crypto::wipe(connection.outgoing.reveal_writable());
        connection.sent = connection.to_send = 0;
    }
    return Fate::kept;
}

void Server::set_deadline(Connection& connection) const {
    const bool under_way = connection.received > 0 || connection.to_send > 0;
    if (!under_way)
        connection.deadline = Deadline::max();
    else if (connection.deadline == Deadline::max())
        connection.deadline = std::chrono::steady_clock::now() + options_.request_timeout;
}

}   // namespace ward::keys
