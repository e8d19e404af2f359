// SPDX-License-Identifier: Apache-2.0
#include "vault/cross_origin.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::vault {
namespace {

bool is_origin(std::string_view text) {
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos) return false;
    if (text.substr(0, scheme) != "https" && text.substr(0, scheme) != "http") return false;
    const auto authority = text.substr(scheme + 3);
    // Browsers write hosts in lower case and without anything behind the port.
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789.-:[]";
    return !authority.empty() && authority.find_first_not_of(allowed) == std::string_view::npos;
}

}   // namespace

Result<CrossOrigin> CrossOrigin::with(std::vector<std::string> origins) {
    for (const auto& origin : origins) {
        if (!is_origin(origin))
            return fail(Errc::malformed,
                        fmt::format("'{}' is no origin of a page, such as https://app.example", origin));
    }
    CrossOrigin made;
    made.origins_ = std::move(origins);
    return made;
}

std::optional<http::Response> CrossOrigin::preflight(const http::Request& request) const {
    if (request.method != http::Method::options || request.header("Access-Control-Request-Method").empty())
        return std::nullopt;
    auto headers = headers_for(request);
    if (headers.empty()) return std::nullopt;
    headers.push_back({"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"});
    headers.push_back({"Access-Control-Allow-Headers",
                       "Accept, Authorization, Content-Type, If-Match, "
                       "If-None-Exist, If-None-Match, Prefer"});
    headers.push_back({"Access-Control-Max-Age", "600"});
    return http::Response{204, std::move(headers), {}};
}

std::vector<http::Header> CrossOrigin::headers_for(const http::Request& request) const {
    const auto origin = request.header("Origin");
    if (origin.empty() || std::ranges::find(origins_, origin) == origins_.end()) return {};
    return {{"Access-Control-Allow-Origin", std::string{origin}},
            {"Vary", "Origin"},
            {"Access-Control-Expose-Headers",
             "Content-Location, ETag, Last-Modified, Location, Retry-After, Ward-As-Of"}};
}

}   // namespace ward::vault
