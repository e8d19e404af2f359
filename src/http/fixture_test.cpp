// SPDX-License-Identifier: Apache-2.0
#include "http/fixture_test.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <thread>
#include <utility>

#include "core/clock.hpp"

namespace ward::http {
namespace {

constexpr int patience_ms = 30'000;

bool is_ready(int socket, int events, int timeout_ms) {
    pollfd wanted{socket, static_cast<short>(events), 0};
    return ::poll(&wanted, 1, timeout_ms) > 0;
}

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, std::bit_cast<const sockaddr*>(&address), sizeof address), 0);
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
    return socket;
}

}   // namespace

TlsIdentity make_test_identity() {
    auto identity = make_self_signed(
        {.host_names = {"localhost"}, .addresses = {"127.0.0.1", "::1"}, .not_before = SystemClock{}.now()});
    EXPECT_TRUE(identity.has_value());
    return std::move(*identity);
}

void echo(Request request, Respond respond) {
    std::string body{method_name(request.method)};
    body += ' ' + request.path;
    for (const auto& parameter : request.query) body += ' ' + parameter.name + '=' + parameter.value;
    body += ' ' + request.body;
    respond({.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = body});
}

TestServer::TestServer(ServerLimits limits, Answer answer) : identity_(make_test_identity()) {
    auto server = Server::open({.limits = limits}, identity_, std::move(answer));
    if (!server) ADD_FAILURE() << server.error().what;
    server_ = std::make_unique<Server>(std::move(*server));
    server_->start();
}

Client TestServer::client(ClientLimits limits) const {
    auto client =
        Client::connect({.port = port(), .trusted_certificate_pem = certificate(), .limits = limits});
    if (!client) ADD_FAILURE() << client.error().what;
    return std::move(*client);
}

bool TestServer::reaches(const std::function<bool(const ServerCounters&)>& wish) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{patience_ms};
    while (!wish(server_->counters())) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

Request get(std::string target) { return {.method = Method::get, .target = std::move(target)}; }

Request post(std::string target, std::string body) {
    return {.method = Method::post, .target = std::move(target), .body = std::move(body)};
}

RawClient::RawClient(const TestServer& server, Tls tls)
    : RawClient(server.port(), server.certificate(), tls) {}

RawClient::RawClient(std::uint16_t port, const std::string& certificate, Tls tls)
    : socket_(connect_to(port)) {
    if (tls == Tls::stays_silent) return;
    auto role = TlsRole::client(certificate);
    role_.emplace(std::move(*role));
    auto link = role_->connect(socket_, "127.0.0.1");
    link_.emplace(std::move(*link));
    for (auto step = link_->handshake(); step != TlsStep::done; step = link_->handshake()) {
        if (step == TlsStep::failed || step == TlsStep::closed) {
            ADD_FAILURE() << "no handshake";
            return;
        }
        wait(step);
    }
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      role_(std::move(other.role_)),
      link_(std::move(other.link_)),
      received_(std::move(other.received_)) {}

RawClient::~RawClient() {
    link_.reset();
    if (socket_ >= 0) ::close(socket_);
}

void RawClient::wait(TlsStep step) const {
    EXPECT_TRUE(is_ready(socket_, step == TlsStep::wants_write ? POLLOUT : POLLIN, patience_ms))
        << "the server did nothing for half a minute";
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto amount = link_->write(bytes);
        if (amount.step == TlsStep::closed || amount.step == TlsStep::failed) return false;
        if (amount.step == TlsStep::done) {
            bytes.remove_prefix(amount.count);
        } else {
            wait(amount.step);
        }
    }
    return true;
}

bool RawClient::send_untouched(std::string_view bytes) {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

// False once the server has closed the connection.
bool RawClient::receive_more() {
    std::array<char, 16 * 1024> buffer;
    if (!link_) {
        wait(TlsStep::wants_read);
        return ::recv(socket_, buffer.data(), buffer.size(), 0) > 0;
    }
    for (;;) {
        const auto amount = link_->read(buffer);
        if (amount.step == TlsStep::closed || amount.step == TlsStep::failed) return false;
        if (amount.step == TlsStep::done) {
            received_.append(buffer.data(), amount.count);
            return true;
        }
        wait(amount.step);
        if (testing::Test::HasFailure()) return false;
    }
}

std::string RawClient::receive_until(std::string_view mark) {
    while (received_.find(mark) == std::string::npos)
        if (!receive_more()) break;
    const auto found = received_.find(mark);
    const auto end = found == std::string::npos ? received_.size() : found + mark.size();
    auto text = received_.substr(0, end);
    received_.erase(0, end);
    return text;
}

std::string RawClient::receive_until_closed() {
    while (receive_more()) {
    }
    return std::exchange(received_, {});
}

// TLS's own messages, such as session tickets, are nothing.
bool RawClient::waits_in_vain(std::chrono::milliseconds time) {
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        const auto amount = link_->read(buffer);
        if (amount.step == TlsStep::done) received_.append(buffer.data(), amount.count);
        if (amount.step != TlsStep::wants_read) return false;
        if (!is_ready(socket_, POLLIN, static_cast<int>(time.count()))) return true;
    }
}

std::string answer_to(const TestServer& server, std::string_view bytes) {
    RawClient client{server};
    EXPECT_TRUE(client.send(bytes));
    return client.receive_until_closed();
}

}   // namespace ward::http
