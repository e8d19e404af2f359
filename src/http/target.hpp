// SPDX-License-Identifier: Apache-2.0
// Request targets: percent encoding, read strictly.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/form.hpp"
#include "core/result.hpp"

namespace ward::http {

struct Target {
    std::string path{};
    std::vector<FormField> query{};
};

/// Origin-form, absolute-form or `*` (RFC 9112, 3.2). A malformed escape, bytes that are not UTF-8, and in
/// the path an encoded slash or control character are errors (Errc::malformed; too many parameters:
/// limit_exceeded).
Result<Target> parse_target(std::string_view target);

}   // namespace ward::http
