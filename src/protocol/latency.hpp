// SPDX-License-Identifier: Apache-2.0
// How long an answer took.
#pragma once

#include <chrono>

#include "protocol/session.hpp"

namespace ward::protocol {

/// What events tell as latency_us.
inline std::int64_t microseconds_since(event::Time asked, const Output& out) {
    return std::chrono::duration_cast<std::chrono::microseconds>(out.now - asked).count();
}

}   // namespace ward::protocol
