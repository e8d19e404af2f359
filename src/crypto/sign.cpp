// SPDX-License-Identifier: Apache-2.0
#include "crypto/sign.hpp"

#include <sodium.h>

#include "core/assert.hpp"
#include "crypto/octets.hpp"

namespace ward::crypto {

Result<SigningKey> SigningKey::generate() {
    const auto seed = TRY(SecretBytes::random(signing_seed_bytes));
    return from_seed(seed);
}

Result<SigningKey> SigningKey::from_seed(const SecretBytes& seed) {
    static_assert(signing_seed_bytes == crypto_sign_SEEDBYTES);
    if (seed.size() != signing_seed_bytes) return fail(Errc::denied, "a signing seed has 32 bytes");
    auto expanded = TRY(SecretBytes::allocate(crypto_sign_SECRETKEYBYTES));
    PublicKey public_key;
    WARD_ASSERT(::sodium_init() >= 0);
    const int made =
        ::crypto_sign_seed_keypair(writable_octets(public_key.value),
                                   writable_octets(expanded.reveal_writable()), octets(seed.reveal()));
    WARD_ASSERT(made == 0);
    return SigningKey{std::move(expanded), public_key};
}

Signature SigningKey::sign(Bytes message) const {
    Signature signature;
    WARD_ASSERT(::crypto_sign_detached(writable_octets(signature.value), nullptr, octets(message),
                                       message.size(), octets(expanded_.reveal())) == 0);
    return signature;
}

bool verify(const PublicKey& key, Bytes message, const Signature& signature) {
    return ::crypto_sign_verify_detached(octets(signature.value), octets(message), message.size(),
                                         octets(key.value)) == 0;
}

}   // namespace ward::crypto
