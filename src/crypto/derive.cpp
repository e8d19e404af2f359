// SPDX-License-Identifier: Apache-2.0
#include "crypto/derive.hpp"

#include "crypto/hkdf.hpp"

namespace ward::crypto {

Result<SecretBytes> derive(const SecretBytes& key, std::string_view label) {
    auto derived = TRY(SecretBytes::allocate(32));
    const Wiped concentrated{HkdfSha512::extract({}, key.reveal())};
    HkdfSha512{concentrated.value}.expand(derived.reveal_writable(), as_bytes(label));
    return derived;
}

}   // namespace ward::crypto
