// SPDX-License-Identifier: Apache-2.0
// A host and whom it speaks to, as a key.
#pragma once

#include "core/address.hpp"
#include "state/kept.hpp"

namespace ward::detect {

struct Pair {
    IpAddress host;
    IpAddress other;
    std::uint16_t port = 0;   // of the other one, where that matters
    bool operator==(const Pair&) const = default;

    void state(state::Kept& kept) { kept(host, other, port); }
};

struct PairHash {
    IpAddressHash hash;
    std::size_t operator()(const Pair& pair) const noexcept {
        return folded(hash(pair.host), hash(pair.other) + pair.port, hash.secret);
    }
};

/// Multicast and broadcast are nobody's address.
inline bool is_outside(const IpAddress& address) {
    return !address.is_private() && !address.is_multicast() && !address.is_broadcast();
}

/// A /24, or a /64: what hospitals give a kind of machine of its own.
inline IpAddress network_of(IpAddress address) {
    for (std::size_t i = address.is_v4() ? 3 : 8; i < address.bytes.size(); ++i)
        address.bytes[i] = std::byte{0};
    return address;
}

}   // namespace ward::detect
