// SPDX-License-Identifier: Apache-2.0
// The header block of an HTTP message: RFC 9110, and RFC 9112 for how HTTP/1.x writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::protocol::http {

/// RFC 9112, 7: what Transfer-Encoding says of a message's end.
enum class Transfer : std::uint8_t { none, chunked, other };

/// What the sensor reads of a header block. Borrows it.
struct Head {
    std::string_view method;   // of a request
    std::string_view target;
    std::string_view version;   // HTTP/1.1
    std::uint16_t status = 0;   // of a response

    std::string_view host;
    std::string_view user_agent;
    std::string_view content_type;
    std::string_view content_encoding;
    std::string_view accept;
    std::string_view server;
    std::string_view powered_by;
    std::string_view location;
    std::string_view forwarded_for;
    std::string_view upgrade;
    std::string_view authorization;   // the scheme alone
    bool has_cookie = false;
    bool has_api_key = false;

    Transfer transfer = Transfer::none;
    std::optional<std::uint64_t> content_length;
    std::vector<std::string_view> anomalies;

    /// RFC 9110, 5: one field line, in any version of HTTP.
    void read_field(std::string_view name, std::string_view value);
    void note(std::string_view anomaly);
};

/// A header block of HTTP/1.x with its empty line; nothing if its first line is not a message's.
std::optional<Head> read_head(std::string_view block, event::Side from);

/// A request line, after its method, as HTTP/0.9 had it (RFC 1945, 4.1.1): some senders still do.
bool lacks_version(std::string_view method, std::string_view rest);

/// RFC 9110, 5.6.2.
bool is_token(std::string_view text);

}   // namespace ward::protocol::http
