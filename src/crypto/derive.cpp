// SPDX-License-Identifier: Apache-2.0
#include "crypto/derive.hpp"

#include "crypto/hkdf.hpp"

namespace ward::crypto {

Result<SecretBytes> derive(const SecretBytes& key, std::string_view label) {
    auto derived = TRY(SecretBytes::allocate(32));
    Wiped<HkdfSha512::Key> concentrated;
    HkdfSha512::extract(concentrated.value, {}, key.reveal());
    HkdfSha512{concentrated.value}.expand(derived.reveal_writable(), as_bytes(label));
    return derived;
}

}   // namespace ward::crypto
