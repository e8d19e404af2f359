// SPDX-License-Identifier: Apache-2.0
// What a capture hands over: the bytes of one frame and when they were seen.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"

namespace ward::wire {

using FrameTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// The LINKTYPE values of the pcap formats that Ward reads (draft-ietf-opsawg-pcaplinktype).
enum class LinkType : std::uint16_t {
    null = 0,
    ethernet = 1,
    raw_bsd = 12,
    raw_openbsd = 14,
    raw = 101,
    loop = 108,
    linux_cooked = 113,
    ipv4 = 228,
    ipv6 = 229,
    linux_cooked_2 = 276,
};

struct Frame {
    FrameTime at{};
    LinkType link = LinkType::ethernet;
    Bytes bytes;                     // borrowed from the reader, until its next frame
    std::uint32_t wire_length = 0;   // of the whole frame; more than bytes.size() where the capture cut it
    std::optional<std::uint16_t> vlan;   // an outer tag that the capture took off
};

}   // namespace ward::wire
