// SPDX-License-Identifier: Apache-2.0
// Media over UDP (RFC 3550, RFC 3551). One packet of it has no signature: several of one source have.
#pragma once

#include <memory>
#include <span>

#include "protocol/protocols.hpp"

namespace ward::protocol::rtp {

/// Says `yes` to a compound of RTCP only.
Verdict probe(Bytes first, Side from);
/// Says `yes` where the last datagrams are successive packets of one source.
Verdict probe_series(std::span<const Bytes> datagrams);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::rtp
