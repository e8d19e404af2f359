// SPDX-License-Identifier: Apache-2.0
#include "protocol/rtp/media.hpp"

#include <algorithm>
#include <utility>

#include "wire/wire_reader.hpp"

namespace ward::protocol::rtp {
namespace {

constexpr Limits limits;
constexpr std::uint8_t version = 2;

}   // namespace

bool is_rtcp(Bytes datagram) {
    WireReader in{datagram};
    const auto first = in.u8();
    const auto type = in.u8();
    const std::size_t length = (std::size_t{in.u16()} + 1) * 4;
    // RFC 5761, section 4: 192 to 223 are RTCP's where it shares a port.
    return datagram.size() >= 8 && first >> 6U == version && type >= 192 && type <= 223 &&
           length <= datagram.size();
}

std::optional<Header> read_header(Bytes datagram) {
    WireReader in{datagram};
    const auto first = in.u8();
    const auto second = in.u8();
    Header header;
    header.payload_type = second & 0x7fU;
    header.sequence = in.u16();
    header.timestamp = in.u32();
    header.source = in.u32();
    in.skip(std::size_t{first & 0x0fU} * 4);   // contributing sources
    if ((first & 0x10U) != 0) {
        in.skip(2);
        in.skip(std::size_t{in.u16()} * 4);
    }
    const bool in_use = header.payload_type <= 34 || header.payload_type >= 96;
    if (in.truncated() || first >> 6U != version || !in_use) return std::nullopt;
    return header;
}

bool Media::take(Bytes datagram) {
    if (is_rtcp(datagram)) {
        ++told_.rtcp_packets;
        told_.bytes += datagram.size();
        return true;
    }
    const auto header = read_header(datagram);
    if (!header) return false;
    ++told_.packets;
    told_.bytes += datagram.size();
    if (std::ranges::find(sources_, header->source) == sources_.end() && sources_.size() < limits.sources_max)
        sources_.push_back(header->source);
    auto& types = told_.payload_types;
    if (std::ranges::find(types, header->payload_type) == types.end() &&
        types.size() < limits.payload_types_max)
        types.push_back(header->payload_type);
    return true;
}

event::Rtp Media::tell(std::string_view protocol) {
    told_.protocol = protocol;
    told_.ssrc_count = static_cast<std::uint32_t>(sources_.size());
    sources_ = {};
    return std::exchange(told_, {});
}

std::size_t Media::memory() const noexcept {
    return sources_.capacity() * sizeof(std::uint32_t) + told_.payload_types.capacity();
}

}   // namespace ward::protocol::rtp
