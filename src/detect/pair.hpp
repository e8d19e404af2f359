// SPDX-License-Identifier: Apache-2.0
// A host and whom it speaks to, as a key.
#pragma once

#include "core/address.hpp"

namespace ward::detect {

struct Pair {
    IpAddress host;
    IpAddress other;
    std::uint16_t port = 0;   // of the other one, where that matters
    bool operator==(const Pair&) const = default;
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

}   // namespace ward::detect
