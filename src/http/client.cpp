// SPDX-License-Identifier: Apache-2.0
#include "http/client.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "http/openssl_pointer.hpp"
#include "http/response_reader.hpp"
#include "http/tls_link.hpp"

namespace ward::http {
namespace {

using Moment = std::chrono::steady_clock::time_point;
using AddressList = std::unique_ptr<addrinfo, Release<&freeaddrinfo>>;

std::string reason() { return std::system_category().message(errno); }

class OpenSocket {
public:
    explicit OpenSocket(int descriptor) : descriptor_(descriptor) {}
    OpenSocket(OpenSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    OpenSocket& operator=(OpenSocket&&) = delete;
    ~OpenSocket() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    int get() const { return descriptor_; }

private:
    int descriptor_;
};

Result<> wait(const OpenSocket& socket, int events, Moment until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd wanted{socket.get(), static_cast<short>(events), 0};
    if (left.count() > 0 && ::poll(&wanted, 1, static_cast<int>(left.count())) > 0) return {};
    return fail(Errc::unavailable, "the server did not answer in time");
}

bool is_readable(const OpenSocket& socket) {
    pollfd wanted{socket.get(), POLLIN, 0};
    return ::poll(&wanted, 1, 0) > 0;
}

Result<AddressList> look_up(const ClientOptions& options) {
    addrinfo wish{};
    wish.ai_socktype = SOCK_STREAM;
    wish.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int result =
        ::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &wish, &found);
    if (result != 0)
        return fail(Errc::unavailable, "look up " + options.host + ": " + ::gai_strerror(result));
    return AddressList{found};
}

Result<OpenSocket> connect_to(const addrinfo& address, Moment until) {
    OpenSocket socket{::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (socket.get() < 0) return fail(Errc::unavailable, "open a socket: " + reason());
    const int no_delay = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
    if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return socket;
    if (errno != EINPROGRESS) return fail(Errc::unavailable, "connect: " + reason());
    TRY(wait(socket, POLLOUT, until));
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return fail(Errc::unavailable, "connect: " + std::system_category().message(error));
    return socket;
}

Result<OpenSocket> connect_to(const ClientOptions& options, Moment until) {
    const auto addresses = TRY(look_up(options));
    Error last{Errc::unavailable, "look up " + options.host + ": no address"};
    for (const auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
        auto socket = connect_to(*address, until);
        if (socket) return socket;
        last = std::move(socket).error();
    }
    return tl::unexpected(std::move(last));
}

Result<> wait_for(const OpenSocket& socket, TlsStep step, Moment until) {
    switch (step) {
        case TlsStep::wants_read: return wait(socket, POLLIN, until);
        case TlsStep::wants_write: return wait(socket, POLLIN | POLLOUT, until);
        default: return openssl_failure(Errc::unavailable, "the TLS connection failed");
    }
}

std::string write_request(const Request& request, const ClientOptions& options) {
    std::string out{method_name(request.method)};
    out += ' ';
    out += request.target;
    out += " HTTP/1.1\r\nHost: ";
    const bool is_ipv6 = options.host.find(':') != std::string::npos;
    out += is_ipv6 ? '[' + options.host + ']' : options.host;
    out += ':' + std::to_string(options.port);
    for (const auto& header : request.headers) out += "\r\n" + header.name + ": " + header.value;
    const bool has_body =
        !request.body.empty() || request.method == Method::post || request.method == Method::put;
    if (has_body) out += "\r\nContent-Length: " + std::to_string(request.body.size());
    out += "\r\n\r\n";
    return out + request.body;
}

}   // namespace

class Client::Link {
public:
    Link(ClientOptions options, TlsRole role) : options_(std::move(options)), role_(std::move(role)) {}

    Result<> connect();
    Result<Response> send(const Request& request);

private:
    void disconnect();
    bool is_alive();
    Result<bool> write(std::string_view bytes, ResponseReader& reader, Moment until);
    Result<bool> read(ResponseReader& reader);
    Result<Response> exchange(const Request& request);

    const ClientOptions options_;
    const TlsRole role_;
    std::optional<OpenSocket> socket_;
    std::optional<TlsLink> tls_;
};

void Client::Link::disconnect() {
    if (tls_) tls_->close();
    tls_.reset();
    socket_.reset();
}

Result<> Client::Link::connect() {
    disconnect();
    const auto until = std::chrono::steady_clock::now() + options_.limits.connect_timeout;
    socket_.emplace(TRY(connect_to(options_, until)));
    tls_.emplace(TRY(role_.connect(socket_->get(), options_.host)));
    for (auto step = tls_->handshake(); step != TlsStep::done; step = tls_->handshake())
        TRY(wait_for(*socket_, step, until));
    return {};
}

// Between requests nothing may come but the end, or TLS's own messages, which yield no bytes.
bool Client::Link::is_alive() {
    if (!tls_) return false;
    if (!is_readable(*socket_)) return true;
    std::array<char, 1> unexpected;
    return tls_->read(unexpected).step == TlsStep::wants_read;
}

// One read's worth. True once the response is whole.
Result<bool> Client::Link::read(ResponseReader& reader) {
    std::array<char, 16 * 1024> buffer;
    const auto amount = tls_->read(buffer);
    switch (amount.step) {
        case TlsStep::done: return reader.put({buffer.data(), amount.count});
        case TlsStep::closed: TRY(reader.end()); return true;
        case TlsStep::failed: return openssl_failure(Errc::unavailable, "the TLS connection failed");
        default: return false;
    }
}

// True if the response came before the request was sent whole: the server refuses it.
Result<bool> Client::Link::write(std::string_view bytes, ResponseReader& reader, Moment until) {
    while (!bytes.empty()) {
        const auto amount = tls_->write(bytes);
        if (amount.step == TlsStep::done) {
            bytes.remove_prefix(amount.count);
            continue;
        }
        TRY(wait_for(*socket_, amount.step, until));
        if (is_readable(*socket_) && TRY(read(reader))) return true;
    }
    return false;
}

Result<Response> Client::Link::send(const Request& request) {
    if (!is_alive()) TRY(connect());
    auto response = exchange(request);
    if (!response) disconnect();   // whatever comes yet belongs to no request
    return response;
}

Result<Response> Client::Link::exchange(const Request& request) {
    const auto until = std::chrono::steady_clock::now() + options_.limits.response_timeout;
    ResponseReader reader{{options_.limits.header_bytes_max, options_.limits.body_bytes_max}, request.method};
    const auto bytes = write_request(request, options_);
    const auto refused_early = TRY(write(bytes, reader, until));
    bool whole = refused_early;
    while (!whole) {
        if (!tls_->has_pending() && !is_readable(*socket_)) TRY(wait(*socket_, POLLIN, until));
        whole = TRY(read(reader));
        if (!whole && std::chrono::steady_clock::now() > until)
            return fail(Errc::unavailable, "the server did not answer in time");
    }
    if (refused_early || !reader.keeps_alive()) disconnect();
    return reader.take();
}

Client::Client(std::unique_ptr<Link> link) : link_(std::move(link)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::connect(ClientOptions options) {
    auto role = TRY(TlsRole::client(options.trusted_certificate_pem));
    auto link = std::make_unique<Link>(std::move(options), std::move(role));
    TRY(link->connect());
    return Client{std::move(link)};
}

Result<Response> Client::send(const Request& request) { return link_->send(request); }

}   // namespace ward::http
