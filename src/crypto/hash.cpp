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
    Sha256Family::start(state);
    Sha256Family::add(state, message);
    Digest digest;
    Sha256Family::finish(state, writable_octets(digest));
    return digest;
}

Sha256::Sha256() noexcept {
    static_assert(sizeof(SHA256_CTX) <= sizeof(state_) && alignof(SHA256_CTX) <= 8);
    Sha256Family::start(as<SHA256_CTX>(state_.data()));
}

Sha256& Sha256::update(Bytes piece) noexcept {
    Sha256Family::add(as<SHA256_CTX>(state_.data()), piece);
    return *this;
}

Digest Sha256::finish() noexcept {
    Digest digest;
    Sha256Family::finish(as<SHA256_CTX>(state_.data()), writable_octets(digest));
    Sha256Family::start(as<SHA256_CTX>(state_.data()));
    return digest;
}

Result<HmacSha256> HmacSha256::with_key(Bytes key) {
    auto states = TRY(SecretBytes::allocate(sizeof(States)));
    as<States>(states.reveal_writable().data()).start(key);
    return HmacSha256{std::move(states)};
}

Result<HmacSha256> HmacSha256::with_key(const SecretBytes& key) { return with_key(key.reveal()); }

Digest HmacSha256::operator()(Bytes message) const noexcept {
    return as<States>(states_.reveal().data()).of(message);
}

Digest HmacSha256::operator()(Bytes prefix, Bytes message) const noexcept {
    return as<States>(states_.reveal().data()).of(prefix, message);
}

Digest hmac_sha256(Bytes key, Bytes message) {
    Wiped<States> states;
    states.value.start(key);
    return states.value.of(message);
}

}   // namespace ward::crypto
