// SPDX-License-Identifier: Apache-2.0
// The addresses of a receiver, and a connection to the first that takes one.
#pragma once

#include <sys/socket.h>
#include <vector>

#include "core/unique_fd.hpp"
#include "lab/play/deadline.hpp"
#include "lab/play/receiver.hpp"

namespace ward::lab {

struct Endpoint {
    sockaddr_storage address{};
    socklen_t size = 0;
};

/// In the order in which they are to be tried: RFC 6724.
Result<std::vector<Endpoint>> endpoints_of(const Receiver& receiver);

/// RFC 8305, 5: the next one is tried once one has failed, and beside one that takes its time. The socket
/// does not block. Errc::unavailable.
Result<UniqueFd> reach(const Receiver& receiver, const std::vector<Endpoint>& endpoints, Deadline& deadline);

}   // namespace ward::lab
