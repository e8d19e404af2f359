// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.hpp"

#include "crypto/octets.hpp"
#include "crypto/sha2.hpp"

namespace ward::crypto {
namespace {

using States = HmacStates<Sha256Family>;

// Storage is bytes in the header, so that OpenSSL's stays in this folder; here it is what it holds.
template <class T>
T& as(std::byte* storage) {
    return *static_cast<T*>(static_cast<void*>(storage));
}
template <class T>
const T& as(const std::byte* storage) {
    return *static_cast<const T*>(static_cast<const void*>(storage));
}

}   // namespace

Digest sha256(Bytes message) {
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, message.data(), message.size());
    Digest digest;
    SHA256_Final(writable_octets(digest), &state);
    return digest;
}

Sha256::Sha256() noexcept {
    static_assert(sizeof(SHA256_CTX) <= sizeof(state_) && alignof(SHA256_CTX) <= 8);
    SHA256_Init(&as<SHA256_CTX>(state_.data()));
}

Sha256& Sha256::update(Bytes piece) noexcept {
    SHA256_Update(&as<SHA256_CTX>(state_.data()), piece.data(), piece.size());
    return *this;
}

Digest Sha256::finish() noexcept {
    Digest digest;
    SHA256_Final(writable_octets(digest), &as<SHA256_CTX>(state_.data()));
    SHA256_Init(&as<SHA256_CTX>(state_.data()));
    return digest;
}

Result<HmacSha256> HmacSha256::with_key(Bytes key) {
    auto states = TRY(SecretBytes::allocate(sizeof(States)));
    as<States>(states.reveal_writable().data()).start(key);
    return HmacSha256{std::move(states)};
}

Result<HmacSha256> HmacSha256::with_key(const SecretBytes& key) { return with_key(key.reveal()); }

Digest HmacSha256::operator()(Bytes message) const noexcept { return as<States>(states_.reveal().data()).of(message); }

Digest HmacSha256::operator()(Bytes prefix, Bytes message) const noexcept {
    return as<States>(states_.reveal().data()).of(prefix, message);
}

Digest hmac_sha256(Bytes key, Bytes message) {
    Wiped<States> states;
    states.value.start(key);
    return states.value.of(message);
}

}   // namespace ward::crypto
