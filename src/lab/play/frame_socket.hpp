// SPDX-License-Identifier: Apache-2.0
// Frames onto an interface, for one that listens there: packet(7).
#pragma once

#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "lab/play/deadline.hpp"

namespace ward::lab {

class FrameSocket {
public:
    /// Needs CAP_NET_RAW. Errc::not_found if there is no such interface, Errc::denied without the right.
    static Result<FrameSocket> open(const std::string& interface);

    /// Waits while the interface's queue is full. Errc::unavailable if it stays so, if the interface is down
    /// or takes no frame of this size.
    Result<> send(Bytes frame, Deadline deadline);

private:
    FrameSocket(std::string interface, UniqueFd socket)
        : interface_(std::move(interface)), socket_(std::move(socket)) {}

    std::string interface_;
    UniqueFd socket_;
};

}   // namespace ward::lab
