// SPDX-License-Identifier: Apache-2.0
// A sender's end of MLLP release 1: one message, one acknowledgement.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/unique_fd.hpp"

namespace ward::lab {

struct Receiver {
    std::string host;
    std::uint16_t port = 0;
};

/// "127.0.0.1:2575" or "[::1]:2575".
Result<Receiver> parse_receiver(std::string_view text);

/// Connects when it has something to send, and again after the connection was lost: what was not acknowledged
/// is sent again. For one thread at a time.
class MllpLine {
public:
    explicit MllpLine(Receiver receiver, std::chrono::seconds patience = std::chrono::seconds{60})
        : receiver_(std::move(receiver)), patience_(patience) {}

    /// The code of the acknowledgement: AA, AE or AR. Errc::unavailable if nobody answered within the
    /// patience.
    Result<std::string> send(std::string_view message);

private:
    Result<> connect();
    Result<std::string> try_to_send(std::string_view framed);

    Receiver receiver_;
    std::chrono::seconds patience_;
    UniqueFd socket_;
};

}   // namespace ward::lab
