// SPDX-License-Identifier: Apache-2.0
// A sender's end of MLLP release 1: one message, one acknowledgement.
#pragma once

#include "lab/play/stream.hpp"

namespace ward::lab {

/// Connects when it has something to send, and again after the connection was lost: what was not acknowledged
/// is sent again. For one thread at a time.
class MllpLine {
public:
    MllpLine(Receiver receiver, Manner manner) : receiver_(std::move(receiver)), manner_(manner) {}

    /// The code of the acknowledgement: AA, AE or AR. Errc::unavailable if nobody answered within the
    /// patience.
    Result<std::string> send(std::string_view message);

private:
    Result<std::string> try_to_send(std::string_view framed);

    Receiver receiver_;
    Manner manner_;
    std::optional<Stream> stream_{};
};

}   // namespace ward::lab
