// SPDX-License-Identifier: Apache-2.0
#include "http/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.hpp"

namespace ward::http {
namespace {

std::string_view find(const std::vector<Header>& headers, std::string_view name) {
    // RFC 9110, 5.1: in any case.
    const auto found =
        std::ranges::find_if(headers, [&](const Header& h) { return equal_ignoring_case(h.name, name); });
    return found == headers.end() ? std::string_view{} : found->value;
}

constexpr std::array<std::pair<int, std::string_view>, 30> phrases{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

}   // namespace

std::string_view Request::header(std::string_view name) const { return find(headers, name); }
std::string_view Response::header(std::string_view name) const { return find(headers, name); }

std::string_view method_name(Method method) {
    switch (method) {
        case Method::get: return "GET";
        case Method::head: return "HEAD";
        case Method::post: return "POST";
        case Method::put: return "PUT";
        case Method::patch: return "PATCH";
        case Method::del: return "DELETE";
        case Method::options: return "OPTIONS";
        case Method::other: return "OTHER";
    }
    return "OTHER";
}

std::string_view reason_phrase(int status) {
    const auto found =
        std::ranges::lower_bound(phrases, status, {}, &std::pair<int, std::string_view>::first);
    return found != phrases.end() && found->first == status ? found->second : std::string_view{};
}

}   // namespace ward::http
