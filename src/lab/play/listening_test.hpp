// SPDX-License-Identifier: Apache-2.0
// A receiver of a test's own.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>

#include "core/unique_fd.hpp"
#include "lab/play/receiver.hpp"

namespace ward::lab {

/// A socket that listens on loopback.
class Listening {
public:
    explicit Listening(int waiting_max = 16) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = static_cast<sockaddr*>(static_cast<void*>(&address));
        EXPECT_EQ(::bind(socket_.get(), any, size), 0);
        EXPECT_EQ(::listen(socket_.get(), waiting_max), 0);
        EXPECT_EQ(::getsockname(socket_.get(), any, &size), 0);
        port_ = ntohs(address.sin_port);
    }
    Receiver receiver() const { return {"127.0.0.1", port_}; }
    UniqueFd accept() const { return UniqueFd{::accept(socket_.get(), nullptr, nullptr)}; }
    /// Nobody waits for a connection any more.
    void stop() const { ::shutdown(socket_.get(), SHUT_RDWR); }

private:
    UniqueFd socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::uint16_t port_ = 0;
};

/// Up to the end of an MLLP frame, or of the connection.
inline std::string read_frame(const UniqueFd& socket) {
    std::string got;
    char one = 0;
    while (!got.ends_with("\x1c\r") && ::recv(socket.get(), &one, 1, 0) == 1) got += one;
    return got;
}

inline void say(const UniqueFd& socket, std::string_view text) {
    EXPECT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
}

}   // namespace ward::lab
