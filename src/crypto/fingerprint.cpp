// SPDX-License-Identifier: Apache-2.0
// OpenSSL's low-level functions, for the reasons that sha2.hpp gives, and because EVP refuses MD5 where the
// machine is set to FIPS.
#include "crypto/fingerprint.hpp"

#include <openssl/md5.h>
#include <openssl/sha.h>

#include "crypto/octets.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace ward::crypto {

Md5Fingerprint md5_fingerprint(Bytes message) noexcept {
    MD5_CTX state;
    MD5_Init(&state);
    MD5_Update(&state, message.data(), message.size());
    Md5Fingerprint fingerprint;
    MD5_Final(writable_octets(fingerprint), &state);
    return fingerprint;
}

Sha1Fingerprint sha1_fingerprint(Bytes message) noexcept {
    SHA_CTX state;
    SHA1_Init(&state);
    SHA1_Update(&state, message.data(), message.size());
    Sha1Fingerprint fingerprint;
    SHA1_Final(writable_octets(fingerprint), &state);
    return fingerprint;
}

}   // namespace ward::crypto

#pragma GCC diagnostic pop
