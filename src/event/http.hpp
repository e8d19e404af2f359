// SPDX-License-Identifier: Apache-2.0
// An HTTP request and its response, without the values that may belong to a patient or open a door.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Http {
    static constexpr std::string_view event_type = "http";

    std::string hostname;
    std::optional<std::uint16_t> http_port;   // where Host names one
    std::string url;                          // identifiers become {id}; of the query only the names stay
    std::string http_user_agent;
    std::string http_content_type;   // of the response
    std::string http_method;
    std::string protocol;   // HTTP/1.1
    std::optional<std::uint16_t> status;
    std::string redirect;   // Location, as `url`
    std::string server;
    std::string x_powered_by;
    std::string xff;   // X-Forwarded-For
    std::string request_content_type;
    std::string upgrade;                      // of a 101: what is spoken from here on
    std::vector<std::string> credentials;     // their kinds: basic, bearer, cookie, api-key
    std::uint64_t request_length = 0;         // of the body, as it was sent
    std::optional<std::uint64_t> length;      // of the response's body
    std::optional<std::int64_t> latency_us;   // from the request's last byte to the response's header block
    bool request_seen = true;
    std::vector<std::string_view> anomalies;   // what two readers may understand in two ways

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("hostname", hostname);
        visit("http_port", http_port);
        visit("url", url);
        visit("http_user_agent", http_user_agent);
        visit("http_content_type", http_content_type);
        visit("http_method", http_method);
        visit("protocol", protocol);
        visit("status", status);
        visit("redirect", redirect);
        visit("server", server);
        visit("x_powered_by", x_powered_by);
        visit("xff", xff);
        visit("request_content_type", request_content_type);
        visit("upgrade", upgrade);
        visit("credentials", credentials);
        if (request_seen) visit("request_length", request_length);
        visit("length", length);
        visit("latency_us", latency_us);
        if (!request_seen) visit("request_seen", request_seen);
        visit("anomalies", anomalies);
    }
};

}   // namespace ward::event
