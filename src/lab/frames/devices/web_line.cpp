// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/web_line.hpp"

#include <fmt/format.h>

namespace ward::lab {
namespace {

std::variant<TcpLine, TlsSession> way_of(Wires& wires, const WebEnds& ends) {
    if (!ends.is_secret) return wires.line(ends.client, ends.server, ends.port);
    return TlsSession{wires,
                      ends.client,
                      ends.server,
                      {.host = ends.host,
                       .taste = TlsTaste::agent,
                       .is_old_server = ends.server.address % 2 == 0,
                       .port = ends.port,
                       .certificate = ends.certificate}};
}

}   // namespace

WebLine::WebLine(Wires& wires, const WebEnds& ends)
    : random_(wires.random_of(ends.client).next()), way_(way_of(wires, ends)) {}

TcpLine& WebLine::line() {
    if (auto* plain = std::get_if<TcpLine>(&way_)) return *plain;
    return std::get<TlsSession>(way_).line();
}

Moment WebLine::exchange(std::string_view asked, std::string_view answered, Moment at) {
    if (auto* session = std::get_if<TlsSession>(&way_)) {
        if (!session->line().is_open()) at = session->open(at);
        return session->exchange(asked.size(), answered.size(), at);
    }
    auto& plain = std::get<TcpLine>(way_);
    at = plain.send(Side::client, as_bytes(asked), at) + milliseconds_of(random_.around(9, 2.2));
    return plain.send(Side::server, as_bytes(answered), at);
}

Moment WebLine::close(Side from, Moment at) {
    if (auto* session = std::get_if<TlsSession>(&way_)) return session->close(from, at);
    return std::get<TcpLine>(way_).close(from, at);
}

std::string http_post(std::string_view host, std::string_view target, std::string_view soap) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/soap+xml; charset=utf-8\r\n"
        "Content-Length: {}\r\n\r\n{}",
        target, host, soap.size(), soap);
}

std::string http_get(std::string_view host, std::string_view target, std::string_view agent) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAccept: */*\r\n\r\n", target, host,
                       agent);
}

std::string http_answer(std::string_view status, std::string_view type, std::string_view body) {
    const auto kind = body.empty() ? std::string{} : fmt::format("Content-Type: {}\r\n", type);
    return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, kind, body.size(), body);
}

}   // namespace ward::lab
