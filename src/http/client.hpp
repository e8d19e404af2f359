// SPDX-License-Identifier: Apache-2.0
// A blocking HTTPS client for one server that it knows by its certificate.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "http/message.hpp"

namespace ward::http {

struct ClientLimits {
    std::chrono::milliseconds connect_timeout{5'000};     // TCP and TLS together
    std::chrono::milliseconds response_timeout{60'000};   // from the first byte sent to the last received
    std::size_t header_bytes_max = 64 * 1024;
    std::size_t body_bytes_max = 256 * 1024 * 1024;
};

struct ClientOptions {
    std::string host = "127.0.0.1";   // a name or address that the certificate must be valid for
    std::uint16_t port = 0;
    std::string trusted_certificate_pem{};   // the only trust anchor
    ClientLimits limits{};
};

/// One connection, kept alive between requests and made anew when the server closed it in the meantime.
/// For one thread at a time.
class Client {
public:
    static Result<Client> connect(ClientOptions options);

    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    ~Client();

    /// Sends method, target, headers and body; adds Host and Content-Length. After an error the next send
    /// connects anew. Nothing is ever sent twice.
    Result<Response> send(const Request& request);

private:
    class Link;
    explicit Client(std::unique_ptr<Link> link);
    std::unique_ptr<Link> link_;
};

}   // namespace ward::http
