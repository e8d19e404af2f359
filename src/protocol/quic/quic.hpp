// SPDX-License-Identifier: Apache-2.0
// QUIC (RFC 9000, RFC 9369) and Google's older ones: the version, which no encryption hides.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::quic {

struct Limits {
    std::size_t versions_max = 16;   // of a version negotiation
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::quic
