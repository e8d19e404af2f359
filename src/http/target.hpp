// SPDX-License-Identifier: Apache-2.0
// Request targets and forms: percent encoding, read strictly.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "http/message.hpp"

namespace ward::http {

inline constexpr std::size_t parameters_max = 1000;

struct Target {
    std::string path{};
    std::vector<Parameter> query{};
};

/// Origin-form, absolute-form or `*` (RFC 9112, 3.2). A malformed escape, bytes that are not UTF-8, and in
/// the path an encoded slash or control character are errors (Errc::malformed; too many parameters:
/// limit_exceeded).
Result<Target> parse_target(std::string_view target);

/// application/x-www-form-urlencoded, as the URL standard reads it but strict: the body of POST _search.
Result<std::vector<Parameter>> parse_form(std::string_view form);

/// The inverse of parse_form.
std::string write_form(const std::vector<Parameter>& parameters);

}   // namespace ward::http
