// SPDX-License-Identifier: Apache-2.0
// HKDF with SHA-512 (RFC 5869), private to this folder. OpenSSL's EVP_KDF takes 5,000 ns for the 76 bytes of
// a sealed record; this takes what the eight compressions take.
#pragma once

#include <algorithm>
#include <array>

#include "core/assert.hpp"
#include "crypto/sha2.hpp"

namespace ward::crypto {

class HkdfSha512 {
public:
    static constexpr std::size_t block_bytes = Sha512Family::digest_bytes;
    static constexpr std::size_t output_bytes_max = 255 * block_bytes;
    using Key = std::array<std::byte, block_bytes>;

    /// Section 2.2: concentrates a key that need not be uniform. Without salt, `salt` is empty.
    static void extract(Key& target, Bytes salt, Bytes input_key) noexcept {
        Wiped<HmacStates<Sha512Family>> states;
        states.value.start(salt);
        states.value.write(target, input_key);
    }

    /// From a uniform key on, or from what `extract` gave.
    explicit HkdfSha512(Bytes key) noexcept { states_.value.start(key); }

    /// Section 2.3: fills `output`; `info` may come in pieces.
    template <class... Info>
    void expand(std::span<std::byte> output, const Info&... info) const noexcept {
        WARD_ASSERT(output.size() <= output_bytes_max);
        Wiped<Key> block;
        Bytes before{};
        for (unsigned counter = 1; !output.empty(); ++counter) {
            const std::array number{static_cast<std::byte>(counter)};
            states_.value.write(block.value, before, info..., number);
            const auto part = Bytes{block.value}.first(std::min(output.size(), block_bytes));
            std::ranges::copy(part, output.begin());
            output = output.subspan(part.size());
            before = block.value;
        }
    }

private:
    Wiped<HmacStates<Sha512Family>> states_;
};

}   // namespace ward::crypto
