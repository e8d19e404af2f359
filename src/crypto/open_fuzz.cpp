// SPDX-License-Identifier: Apache-2.0
// What an attacker with the disk can do to a sealed record: nothing that opens, except leaving it as it is.
#include <algorithm>
#include <cstdint>

#include "core/assert.hpp"
#include "crypto/seal.hpp"

using namespace ward;

namespace {

/// As if each input were changed on the disk before it is read back: sealed by us, then overlaid with the
/// input.
void overlay(const crypto::SecretBytes& key, Bytes input) {
    const auto sealed = crypto::seal(key, as_bytes("record"), input).value();
    auto altered = sealed;
    const auto covered = std::min(input.size(), altered.size());
    std::ranges::copy(input.first(covered), altered.begin());
    WARD_ASSERT(crypto::open(key, as_bytes("record"), altered).has_value() == (altered == sealed));
    WARD_ASSERT(std::ranges::equal(crypto::open(key, as_bytes("record"), sealed).value(), input));
}

}   // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    static const auto key = crypto::SecretBytes::allocate(crypto::seal_key_bytes).value();   // all zero
    const auto bytes = std::as_bytes(std::span{input, size});
    if (size > 70'000) return 0;
    if (const auto opened = crypto::open(key, as_bytes("corpus"), bytes))
        WARD_ASSERT(crypto::sealed_size(opened->size()) == size);
    overlay(key, bytes);
    return 0;
}
