// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 between two machines, in the clear or over TLS.
#pragma once

#include <variant>

#include "lab/frames/office/tls_session.hpp"

namespace ward::lab {

struct WebEnds {
    const Device& client;
    const Device& server;
    std::uint16_t port = 0;
    std::string host;
    bool is_secret = false;
    int certificate = 0;   // the how-manieth of that host
};

/// Borrows the wires.
class WebLine {
public:
    WebLine(Wires& wires, const WebEnds& ends);

    /// Opens by itself. Each returns when it is done.
    Moment exchange(std::string_view asked, std::string_view answered, Moment at);
    Moment close(Side from, Moment at);
    TcpLine& line();

private:
    Random random_;
    std::variant<TcpLine, TlsSession> way_;
};

/// What a device's program asks, or is told, in HTTP.
std::string http_post(std::string_view host, std::string_view target, std::string_view soap);
std::string http_get(std::string_view host, std::string_view target, std::string_view agent);
std::string http_answer(std::string_view status, std::string_view type, std::string_view body);

}   // namespace ward::lab
