// SPDX-License-Identifier: Apache-2.0
// A real server on a free port, and clients for it: the proper one, and one that sends what it likes.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/client.hpp"
#include "http/server.hpp"
#include "http/tls_link.hpp"

namespace ward::http {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TlsIdentity make_test_identity();

/// Answers with what it was asked: "POST /path name=value body".
void echo(Request request, Respond respond);

class TestServer {
public:
    explicit TestServer(ServerLimits limits = {}, Answer answer = echo);

    Client client(ClientLimits limits = {}) const;
    Server& server() { return *server_; }
    std::uint16_t port() const { return server_->port(); }
    const std::string& certificate() const { return identity_.certificate_pem; }

    /// Waits until the counters are as wished, or half a minute.
    bool reaches(const std::function<bool(const ServerCounters&)>& wish) const;

private:
    TlsIdentity identity_;
    std::unique_ptr<Server> server_;
};

Request get(std::string target);
Request post(std::string target, std::string body);

/// Speaks TLS and leaves HTTP to the test. All waiting is for the server, at most half a minute.
class RawClient {
public:
    enum class Tls { shakes_hands, stays_silent };

    explicit RawClient(const TestServer& server, Tls tls = Tls::shakes_hands);
    RawClient(std::uint16_t port, const std::string& certificate, Tls tls = Tls::shakes_hands);
    RawClient(RawClient&& other) noexcept;
    RawClient& operator=(RawClient&&) = delete;
    ~RawClient();

    /// False if the server has closed the connection.
    bool send(std::string_view bytes);
    bool send_untouched(std::string_view bytes);   // without TLS

    std::string receive_until(std::string_view mark);
    std::string receive_until_closed();

    /// False if nothing came in that time.
    bool waits_in_vain(std::chrono::milliseconds time);

private:
    bool receive_more();
    void wait(TlsStep step) const;

    int socket_ = -1;
    std::optional<TlsRole> role_;
    std::optional<TlsLink> link_;
    std::string received_;
};

/// What a server says to these bytes before it closes the connection; the last request should ask for that.
std::string answer_to(const TestServer& server, std::string_view bytes);

}   // namespace ward::http
