// SPDX-License-Identifier: Apache-2.0
// Where a running Ward listens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace ward::lab {

struct Receiver {
    std::string host;
    std::uint16_t port = 0;
};

/// "127.0.0.1:2575" or "[::1]:2575".
Result<Receiver> parse_receiver(std::string_view text);
/// Errc::unavailable, with the receiver's name.
tl::unexpected<Error> no_answer(const Receiver& receiver, std::string_view why);

}   // namespace ward::lab
