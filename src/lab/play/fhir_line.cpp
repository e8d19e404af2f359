// SPDX-License-Identifier: Apache-2.0
#include "lab/play/fhir_line.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "http/response_reader.hpp"
#include "json/document.hpp"

namespace ward::lab {
namespace {

// FHIR R4, IssueType.
constexpr auto issue_codes = std::to_array<std::string_view>(
    {"invalid",       "structure", "required",   "value",         "invariant",  "security",
     "login",         "unknown",   "expired",    "forbidden",     "suppressed", "processing",
     "not-supported", "duplicate", "not-found",  "deleted",       "too-long",   "multiple-matches",
     "code-invalid",  "extension", "too-costly", "business-rule", "conflict",   "transient",
     "lock-error",    "no-store",  "exception",  "timeout",       "incomplete", "throttled",
     "informational"});

std::string request_of(const Receiver& receiver, const std::string& bundle, const std::string& token) {
    const bool is_ipv6 = receiver.host.find(':') != std::string::npos;
    return fmt::format(
        "POST /fhir HTTP/1.1\r\nHost: {}{}{}:{}\r\n"
        "Content-Type: application/fhir+json\r\nAccept: application/fhir+json\r\n"
        "Prefer: return=minimal\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{}",
        is_ipv6 ? "[" : "", receiver.host, is_ipv6 ? "]" : "", receiver.port, token, bundle.size(), bundle);
}

/// RFC 9110, 15: later it may be taken.
bool is_not_now(int status) { return status == 429 || status == 502 || status == 503 || status == 504; }

std::string reason_of(const http::Response& response) {
    auto why = fmt::format("HTTP {} {}", response.status, http::reason_phrase(response.status));
    const auto outcome = json::Document::parse(response.body, {.bytes_max = 1 << 20});
    if (!outcome) return why;
    for (const auto issue : outcome->root()["issue"].items()) {
        const auto code = issue["code"].text();
        if (std::ranges::find(issue_codes, code) != issue_codes.end())
            return fmt::format("{}, {}", why, code);
    }
    return why;
}

Result<http::Response> read_response(Stream& stream, Deadline& deadline, const Receiver& receiver) {
    http::ResponseReader reader{{.header_bytes_max = 64 * 1024, .body_bytes_max = 16 * 1024 * 1024},
                                http::Method::post};
    std::array<char, 16 * 1024> part{};
    bool is_whole = false;
    while (!is_whole) {
        const auto got = TRY(stream.read(part, deadline));
        const auto put = got == 0 ? reader.end().map([] { return true; }) : reader.put({part.data(), got});
        if (!put) return no_answer(receiver, put.error().what);
        is_whole = *put;
    }
    if (!reader.keeps_alive()) stream.retire();
    return reader.take();
}

}   // namespace

Result<Answer> FhirLine::send(const std::string& bundle, const std::string& token) {
    const auto request = request_of(line_.receiver(), bundle, token);
    return line_.send([&](Stream& stream, Deadline& deadline) -> Result<Answer> {
        const auto written = stream.write(request, deadline);
        // Who refuses early may answer before it has all.
        const auto response = read_response(stream, deadline, line_.receiver());
        if (!written) stream.retire();   // half a request is under way
        if (!response) return tl::unexpected(written ? response.error() : written.error());
        if (response->status / 100 == 2) return Answer{.is_taken = true};
        if (is_not_now(response->status)) return no_answer(line_.receiver(), reason_of(*response));
        return Answer{.why = reason_of(*response)};
    });
}

}   // namespace ward::lab
