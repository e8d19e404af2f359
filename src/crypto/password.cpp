// SPDX-License-Identifier: Apache-2.0
#include "crypto/password.hpp"

#include <sodium.h>

#include "core/assert.hpp"
#include "crypto/octets.hpp"

namespace ward::crypto {

Result<SecretBytes> key_from_password(const SecretBytes& password, const PasswordSalt& salt,
                                      Argon2Cost cost) {
    constexpr Argon2Limits limits;
    static_assert(std::tuple_size_v<PasswordSalt> == crypto_pwhash_SALTBYTES);
    if (password.size() == 0) return fail(Errc::denied, "the passphrase is empty");
    if (password.size() > limits.password_bytes_max)
        return fail(Errc::limit_exceeded, "the passphrase is too long");
    if (cost.passes < limits.passes_min || cost.passes > limits.passes_max ||
        cost.memory_kib < limits.memory_kib_min || cost.memory_kib > limits.memory_kib_max)
        return fail(Errc::limit_exceeded, "Argon2id costs out of bounds");

    auto key = TRY(SecretBytes::allocate(32));
    const auto text = as_text(password.reveal());
    WARD_ASSERT(::sodium_init() >= 0);
    if (::crypto_pwhash_argon2id(writable_octets(key.reveal_writable()), key.size(), text.data(), text.size(),
                                 octets(salt), cost.passes, std::size_t{cost.memory_kib} * 1024,
                                 crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
        return fail(Errc::unavailable, "not enough memory for Argon2id");
    return key;
}

}   // namespace ward::crypto
