// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <thread>
#include <utility>
#include <vector>

#include "http/connection.hpp"
#include "http/site.hpp"

namespace ward::http {
namespace {

namespace asio = boost::asio;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;
using Endpoint = asio::ip::tcp::endpoint;
using ErrorCode = boost::system::error_code;

constexpr std::chrono::milliseconds accept_pause{100};   // when there are no file descriptors left

Result<Endpoint> parse_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == text.npos) return fail(Errc::malformed, "listen address has no port: " + std::string{text});
    auto host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, port);
    ErrorCode error;
    const auto address = asio::ip::make_address(std::string{host}, error);
    if (error || parsed.ptr != end || parsed.ec != std::errc{})
        return fail(Errc::malformed, "not a numeric listen address: " + std::string{text});
    return Endpoint{address, port};
}

unsigned thread_count(unsigned wished) {
    return wished > 0 ? wished : std::max(4U, 2 * std::thread::hardware_concurrency());
}

// Often enough that the shortest time limit is kept to a quarter.
std::chrono::milliseconds sweep_period(const ServerLimits& limits) {
    const auto shortest = std::min({limits.handshake_timeout, limits.header_timeout, limits.body_timeout,
                                    limits.write_timeout, limits.idle_timeout, limits.linger_timeout});
    return std::clamp(shortest / 4, std::chrono::milliseconds{5}, std::chrono::milliseconds{1000});
}

}   // namespace

class Server::Listener {
public:
    Listener(ServerOptions options, TlsRole role, Answer answer)
        : threads_wished_(thread_count(options.threads)),
          io_(static_cast<int>(threads_wished_)),
          site_(std::move(options), std::move(role), std::move(answer)),
          acceptor_(io_.get_executor()),
          pause_(io_),
          sweep_(io_) {}
    ~Listener() { stop(); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    Result<> listen(std::string_view address);
    void start();
    void stop();
    std::uint16_t port() const { return port_; }
    ServerCounters counters();

private:
    void accept();
    void admit(Socket socket);
    void sweep();

    const unsigned threads_wished_;
    asio::io_context io_;
    Site site_;
    Acceptor acceptor_;
    asio::steady_timer pause_;
    asio::steady_timer sweep_;
    std::uint16_t port_ = 0;
    std::vector<std::jthread> threads_;
};

Result<> Server::Listener::listen(std::string_view address) {
    const auto endpoint = TRY(parse_address(address));
    ErrorCode error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Acceptor::reuse_address{true}, error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(Acceptor::max_listen_connections, error);
    if (error) return fail(Errc::unavailable, "listen on " + std::string{address} + ": " + error.message());
    port_ = acceptor_.local_endpoint(error).port();
    return {};
}

void Server::Listener::start() {
    if (!threads_.empty()) return;
    accept();
    sweep();
    for (unsigned i = 0; i < threads_wished_; ++i) threads_.emplace_back([this] { io_.run(); });
}

void Server::Listener::accept() {
    acceptor_.async_accept([this](const ErrorCode& error, Socket socket) {
        if (site_.stopping) return;
        if (!error) {
            admit(std::move(socket));
            return accept();
        }
        // Out of descriptors, or the peer was gone already: a pause keeps the first from spinning.
        pause_.expires_after(accept_pause);
        pause_.async_wait([this](const ErrorCode& stopped) {
            if (!stopped) accept();
        });
    });
}

void Server::Listener::admit(Socket socket) {
    ++site_.connections;
    if (site_.watch.size() >= site_.limits.connections_max) {
        ++site_.connections_rejected;
        return;
    }
    ErrorCode error;
    const auto peer = socket.remote_endpoint(error);
    if (!error) socket.set_option(asio::ip::tcp::no_delay{true}, error);
    if (!error) socket.native_non_blocking(true, error);
    if (error) return;
    auto tls = site_.tls.accept(socket.native_handle());
    if (!tls) return;
    auto connection =
        std::make_unique<Connection>(site_, std::move(socket), std::move(*tls), peer.address().to_string());
    if (site_.stopping) return;   // stop() may have looked for connections before this one was there
    Connection::handshake(std::move(connection));
}

void Server::Listener::sweep() {
    const auto swept = site_.watch.sweep(std::chrono::steady_clock::now());
    site_.timeouts += swept.overdue;
    sweep_.expires_after(sweep_period(site_.limits));
    sweep_.async_wait([this](const ErrorCode& stopped) {
        if (!stopped) sweep();
    });
}

void Server::Listener::stop() {
    if (site_.stopping.exchange(true)) return;
    if (threads_.empty()) return;
    // Ends listening from this thread; the acceptor itself belongs to the others until they are joined.
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    site_.watch.end_idle(std::chrono::steady_clock::now());
    if (!site_.watch.wait_until_empty(site_.limits.drain_timeout)) {
        site_.watch.end_all();
        site_.watch.wait_until_empty();
    }
    io_.stop();   // no connection is left: only the sweep and the acceptor wait
    threads_.clear();
}

ServerCounters Server::Listener::counters() {
    return {.connections = site_.connections,
            .connections_open = site_.watch.size(),
            .connections_rejected = site_.connections_rejected,
            .handshakes_failed = site_.handshakes_failed,
            .requests = site_.requests,
            .requests_in_flight = site_.requests_in_flight,
            .requests_refused = site_.requests_refused,
            .timeouts = site_.timeouts,
            .bodies_bytes = site_.budget.held()};
}

Server::Server(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
Server::Server(Server&&) noexcept = default;
Server::~Server() = default;

Result<Server> Server::open(ServerOptions options, const TlsIdentity& identity, Answer answer) {
    auto role =
        TRY(options.clients ? TlsRole::server(identity, *options.clients) : TlsRole::server(identity));
    const auto address = options.address;
    auto listener = std::make_unique<Listener>(std::move(options), std::move(role), std::move(answer));
    TRY(listener->listen(address));
    return Server{std::move(listener)};
}

void Server::start() { listener_->start(); }
void Server::stop() { listener_->stop(); }
std::uint16_t Server::port() const { return listener_->port(); }
ServerCounters Server::counters() const { return listener_->counters(); }

}   // namespace ward::http
