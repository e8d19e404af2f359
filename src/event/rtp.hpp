// SPDX-License-Identifier: Apache-2.0
// A flow of media, as its headers describe it. What was said or shown is never looked at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// Told once, at the end of the flow.
struct Rtp {
    static constexpr std::string_view event_type = "rtp";

    std::string_view protocol;                 // srtp where DTLS made its keys; rtp may be encrypted too
    std::uint32_t ssrc_count = 0;              // sources, up to a limit
    std::vector<std::uint8_t> payload_types;   // RFC 3551; from 96 on what SDP agreed
    std::uint64_t packets = 0;
    std::uint64_t rtcp_packets = 0;
    std::uint64_t bytes = 0;   // of payload and headers

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("protocol", protocol);
        visit("ssrc_count", ssrc_count);
        visit("payload_types", payload_types);
        visit("packets", packets);
        visit("rtcp_packets", rtcp_packets);
        visit("bytes", bytes);
    }
};

}   // namespace ward::event
