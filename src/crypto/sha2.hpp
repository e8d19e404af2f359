// SPDX-License-Identifier: Apache-2.0
// SHA-2 states as plain values, private to this folder. OpenSSL calls these functions deprecated in favour of
// EVP, but an EVP context keeps the state in memory that is neither locked nor ours to wipe, cannot be a
// value, and costs 230 ns where this costs 125 (64 bytes, one core).
#pragma once

#include <algorithm>
#include <array>
#include <openssl/sha.h>
#include <type_traits>

#include "core/bytes.hpp"
#include "crypto/octets.hpp"
#include "crypto/secret.hpp"

namespace ward::crypto {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct Sha256Family {
    using State = SHA256_CTX;
    static constexpr std::size_t block_bytes = SHA256_CBLOCK;
    static constexpr std::size_t digest_bytes = SHA256_DIGEST_LENGTH;
    static void start(State& state) noexcept { SHA256_Init(&state); }
    static void add(State& state, Bytes bytes) noexcept { SHA256_Update(&state, bytes.data(), bytes.size()); }
    static void finish(State& state, unsigned char* digest) noexcept { SHA256_Final(digest, &state); }
};

struct Sha512Family {
    using State = SHA512_CTX;
    static constexpr std::size_t block_bytes = SHA512_CBLOCK;
    static constexpr std::size_t digest_bytes = SHA512_DIGEST_LENGTH;
    static void start(State& state) noexcept { SHA512_Init(&state); }
    static void add(State& state, Bytes bytes) noexcept { SHA512_Update(&state, bytes.data(), bytes.size()); }
    static void finish(State& state, unsigned char* digest) noexcept { SHA512_Final(digest, &state); }
};

#pragma GCC diagnostic pop

/// Wipes a value at the end of its scope.
template <class T>
    requires std::is_trivially_copyable_v<T>
class Wiped {
public:
    Wiped() noexcept : value() {}
    explicit Wiped(const T& original) noexcept : value(original) {}
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { wipe(std::as_writable_bytes(std::span{&value, 1})); }

    T value;
};

/// The two hash states of HMAC (FIPS 198-1, section 4) after the padded key, before the message.
template <class Family>
struct HmacStates {
    typename Family::State inner;
    typename Family::State outer;

    void start(Bytes key) noexcept {
        Wiped<std::array<std::byte, Family::block_bytes>> pad;
        auto& block = pad.value;
        if (key.size() > block.size()) {
            Wiped<typename Family::State> hash;
            Family::start(hash.value);
            Family::add(hash.value, key);
            Family::finish(hash.value, writable_octets(block));
        } else {
            std::ranges::copy(key, block.begin());
        }
        for (auto& byte : block) byte ^= std::byte{0x36};
        Family::start(inner);
        Family::add(inner, block);
        for (auto& byte : block) byte ^= std::byte{0x36 ^ 0x5c};
        Family::start(outer);
        Family::add(outer, block);
    }

    using Tag = std::array<std::byte, Family::digest_bytes>;

    /// Into memory that the caller wipes, when the tag is a key. The pieces may lie in it.
    template <class... Pieces>
    void write(Tag& tag, const Pieces&... pieces) const noexcept {
        Wiped<typename Family::State> hash{inner};
        (Family::add(hash.value, pieces), ...);
        Family::finish(hash.value, writable_octets(tag));
        hash.value = outer;
        Family::add(hash.value, tag);
        Family::finish(hash.value, writable_octets(tag));
    }

    template <class... Pieces>
    Tag of(const Pieces&... pieces) const noexcept {
        Tag tag;
        write(tag, pieces...);
        return tag;
    }
};

}   // namespace ward::crypto
