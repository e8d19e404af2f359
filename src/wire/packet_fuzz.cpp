// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "wire/packet.hpp"

namespace {

using namespace ward;
using namespace ward::wire;

bool lies_within(Bytes part, Bytes whole) {
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void take_apart(Bytes packet, bool is_ethernet, unsigned depth) {
    if (is_ethernet) {
        const auto link = decode_ethernet(packet);
        if (!link) return;
        WARD_ASSERT(lies_within(link->payload, packet));
        packet = link->payload;
    }
    const auto ip = decode_ip(packet);
    if (!ip) return;
    WARD_ASSERT(lies_within(ip->payload, packet));
    const auto segment = decode_transport(*ip);
    WARD_ASSERT(!segment || lies_within(segment->payload, ip->payload));
    WARD_ASSERT(!segment || !segment->tcp || lies_within(segment->tcp->options, ip->payload));
    const auto inner = decode_tunnel(*ip);
    if (!inner || depth == tunnels_max) return;
    WARD_ASSERT(lies_within(inner->bytes, ip->payload));
    take_apart(inner->bytes, inner->is_ethernet, depth + 1);
}

}   // namespace

// The first byte is the link type, 255 for the only one that needs two. No view leaves the bytes that it was
// taken from.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto frame = std::as_bytes(std::span{data, size}).subspan(1);
    const auto type = data[0] == 255 ? LinkType::linux_cooked_2 : static_cast<LinkType>(data[0]);
    const auto link = decode_link(type, frame);
    if (!link) return 0;
    WARD_ASSERT(lies_within(link->payload, frame));
    static_cast<void>(decode_arp(link->payload));
    take_apart(link->payload, false, 0);
    return 0;
}
