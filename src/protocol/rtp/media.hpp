// SPDX-License-Identifier: Apache-2.0
// The headers of RTP and RTCP (RFC 3550), for whichever session meets them: media shares its flow with STUN
// and DTLS (RFC 7983).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "event/rtp.hpp"

namespace ward::protocol::rtp {

struct Limits {
    std::size_t sources_max = 32;   // of one flow; more are not counted
    std::size_t payload_types_max = 16;
    std::size_t series_min = 3;   // packets of one source that prove RTP
    std::uint16_t sequence_step_max = 16;
};

struct Header {
    std::uint8_t payload_type = 0;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t source = 0;   // SSRC
};

/// Nothing where it cannot be RTP.
std::optional<Header> read_header(Bytes datagram);
/// True where the datagram begins as a compound of RTCP does.
bool is_rtcp(Bytes datagram);

/// What one flow carried.
class Media {
public:
    /// False where it is neither RTP nor RTCP.
    bool take(Bytes datagram);
    bool empty() const noexcept { return told_.packets + told_.rtcp_packets == 0; }
    /// What only looks like RTP names another source each time.
    bool is_consistent() const noexcept {
        return told_.rtcp_packets > 0 || told_.packets >= 2 * sources_.size();
    }
    std::uint64_t bytes() const noexcept { return told_.bytes; }
    event::Rtp tell(std::string_view protocol);
    std::size_t memory() const noexcept;

private:
    event::Rtp told_;
    std::vector<std::uint32_t> sources_;
};

}   // namespace ward::protocol::rtp
