// SPDX-License-Identifier: Apache-2.0
// Bodies that were sent compressed: gzip and deflate (RFC 9110, 8.4.1), under hard limits.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ward::protocol::http {

/// The first `bytes_max` bytes of what `body`, or its beginning, inflates to; less where it is damaged.
std::string inflated(std::string_view body, std::size_t bytes_max);

}   // namespace ward::protocol::http
