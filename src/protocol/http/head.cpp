// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/head.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/text.hpp"

namespace ward::protocol::http {
namespace {

struct Kept {
    std::string_view name;
    std::string_view Head::*value;
};
constexpr std::array kept_fields{
    Kept{"user-agent", &Head::user_agent},
    Kept{"content-type", &Head::content_type},
    Kept{"content-encoding", &Head::content_encoding},
    Kept{"accept", &Head::accept},
    Kept{"server", &Head::server},
    Kept{"x-powered-by", &Head::powered_by},
    Kept{"location", &Head::location},
    Kept{"x-forwarded-for", &Head::forwarded_for},
    Kept{"upgrade", &Head::upgrade},
};

constexpr auto token_characters = [] {
    std::array<bool, 256> is{};
    for (const char c :
         std::string_view{"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"})
        is[static_cast<unsigned char>(c)] = true;
    return is;
}();

void read_transfer_encoding(std::string_view value, Head& head) {
    if (head.transfer != Transfer::none) head.note("several Transfer-Encoding");
    const auto last = trimmed(value.substr(value.rfind(',') + 1));
    head.transfer = equal_ignoring_case(last, "chunked") ? Transfer::chunked : Transfer::other;
    // RFC 9112, 6.1: a reader that does not know a coding, and one that trims what another keeps, disagree.
    if (head.transfer == Transfer::other) head.note("Transfer-Encoding does not end in chunked");
}

void read_content_length(std::string_view value, Head& head) {
    // RFC 9110, 8.6: a list of one and the same number counts as that number.
    for (bool more = true; more;) {
        more = value.find(',') != std::string_view::npos;
        const auto length = number(trimmed(take_until(value, ',')));
        if (!length) return head.note("Content-Length is not a number");
        if (head.content_length && *head.content_length != *length) head.note("differing Content-Length");
        head.content_length = length;
    }
}

bool is_version(std::string_view word) { return word.size() == 8 && word.starts_with("HTTP/1."); }

bool read_request_line(std::string_view line, Head& head) {
    head.method = take_until(line, ' ');
    if (!is_token(head.method)) return false;
    const auto last = std::min(line.rfind(' '), line.size());
    const auto version = line.substr(std::min(last + 1, line.size()));
    if (is_version(version)) {
        head.version = version;
    } else if (lacks_version(head.method, line)) {
        head.note("no version in the request line");
    } else {
        return false;
    }
    head.target = trimmed(version.starts_with("HTTP/") ? line.substr(0, last) : line);
    if (head.target.find(' ') != std::string_view::npos) head.note("space in the request target");
    return true;
}

bool read_status_line(std::string_view line, Head& head) {
    head.version = take_until(line, ' ');
    const auto status = number(take_until(line, ' '));
    if (head.version.size() != 8 || !head.version.starts_with("HTTP/1.")) return false;
    if (!status || *status < 100 || *status > 999) return false;
    head.status = static_cast<std::uint16_t>(*status);
    return true;
}

void read_line(std::string_view line, Head& head) {
    if (line.front() == ' ' || line.front() == '\t') return head.note("folded field line");   // RFC 9112, 5.2
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return head.note("field line without colon");
    auto name = line.substr(0, colon);
    if (name.ends_with(' ') || name.ends_with('\t')) {
        head.note("space before colon");   // RFC 9112, 5.1
        name = trimmed(name);
    }
    if (!is_token(name)) head.note("field name is not a token");
    head.read_field(name, trimmed(line.substr(colon + 1)));
}

}   // namespace

bool is_token(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return token_characters[static_cast<unsigned char>(c)]; });
}

bool lacks_version(std::string_view method, std::string_view rest) {
    constexpr std::array methods{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"};
    return rest.starts_with('/') && !is_version(rest.substr(std::min(rest.rfind(' ') + 1, rest.size()))) &&
           std::ranges::find(methods, method) != methods.end();
}

void Head::note(std::string_view anomaly) {
    if (std::ranges::find(anomalies, anomaly) == anomalies.end()) anomalies.push_back(anomaly);
}

void Head::read_field(std::string_view name, std::string_view value) {
    for (const auto& kept : kept_fields)
        if (equal_ignoring_case(name, kept.name)) {
            this->*kept.value = value;
            return;
        }
    if (equal_ignoring_case(name, "host")) {
        if (!host.empty() && host != value) note("several Host");
        host = value;
    } else if (equal_ignoring_case(name, "content-length")) {
        read_content_length(value, *this);
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
        read_transfer_encoding(value, *this);
    } else if (equal_ignoring_case(name, "authorization")) {
        const auto scheme = value.substr(0, value.find(' '));
        // A value without scheme is the secret itself.
        const bool named = scheme.size() < value.size() && scheme.size() <= 20 && is_token(scheme);
        authorization = named ? scheme : "other";
    } else if (equal_ignoring_case(name, "cookie")) {
        has_cookie = true;
    } else if (equal_ignoring_case(name, "x-api-key") || equal_ignoring_case(name, "api-key")) {
        has_api_key = true;
    }
}

std::optional<Head> read_head(std::string_view block, event::Side from) {
    Head head;
    if (block.find('\0') != std::string_view::npos) head.note("NUL in the header block");
    bool first = true;
    while (!block.empty()) {
        auto line = take_until(block, '\n');
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        } else {
            head.note("bare LF");   // RFC 9112, 2.2: a reader may take it for a line's end, or not
        }
        if (line.empty()) continue;
        if (!std::exchange(first, false)) {
            read_line(line, head);
        } else if (!(from == event::Side::client ? read_request_line(line, head)
                                                 : read_status_line(line, head))) {
            return std::nullopt;
        }
    }
    // RFC 9112, 6.3: both headers present means a request-smuggling attempt, or a broken sender.
    if (head.transfer != Transfer::none && head.content_length)
        head.note("Transfer-Encoding and Content-Length");
    if (head.transfer != Transfer::none && head.version == "HTTP/1.0")
        head.note("Transfer-Encoding in HTTP/1.0");
    const bool lacks_host = from == event::Side::client && head.host.empty() && head.version == "HTTP/1.1";
    if (lacks_host) head.note("no Host");
    return head;
}

}   // namespace ward::protocol::http
