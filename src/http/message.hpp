// SPDX-License-Identifier: Apache-2.0
// What a program sees of HTTP: a request that has arrived whole, and the answer to it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/form.hpp"
#include "core/result.hpp"

namespace ward::http {

enum class Method { get, head, post, put, patch, del, options, other };

struct Header {
    std::string name{};
    std::string value{};
};

struct Request {
    Method method = Method::get;
    std::string target{};   // as it stood in the request line; may hold patients' data, so never for a log
    std::string path{};     // decoded; an encoded slash or control character was refused
    std::vector<FormField> query{};
    std::vector<Header> headers{};
    std::string body{};
    std::string peer_address{};                 // without the port
    std::optional<Digest> peer_certificate{};   // SHA-256 of the one that the client proved to hold

    /// The first field of that name, in any case; empty if there is none.
    std::string_view header(std::string_view name) const;
};

/// The server adds Content-Length, Date and Connection.
struct Response {
    int status = 200;
    std::vector<Header> headers{};
    std::string body{};

    std::string_view header(std::string_view name) const;
};

std::string_view method_name(Method method);

/// The phrase of RFC 9110, 15; empty for a status it does not know.
std::string_view reason_phrase(int status);

}   // namespace ward::http
