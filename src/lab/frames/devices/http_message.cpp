// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/http_message.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace ward::lab::http {
std::string date_text(Moment at) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(at);
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(whole.time_since_epoch().count()));
}

std::string get(std::string_view host, std::string_view target) {
    return fmt::format(
        "GET {} HTTP/1.1\r\nHost: {}:8080\r\nAccept: application/fhir+json\r\n"
        "Accept-Encoding: identity\r\nUser-Agent: Apache-HttpClient/4.5.14 (Java/17.0.10)\r\n"
        "Connection: Keep-Alive\r\n\r\n",
        target, host);
}

std::string response(const Answer& answer) {
    auto head =
        fmt::format("HTTP/1.1 {}\r\nDate: {}\r\nContent-Type: application/fhir+json;charset=utf-8\r\n",
                    answer.status == 200 ? "200 OK" : "404 Not Found", date_text(answer.at));
    if (answer.changed != Moment{})
        head += fmt::format("ETag: W/\"{}\"\r\nLast-Modified: {}\r\n",
                            answer.changed.time_since_epoch().count() % 7 + 1, date_text(answer.changed));
    return head + fmt::format("Content-Length: {}\r\n\r\n{}", answer.body.size(), answer.body);
}

}   // namespace ward::lab::http
