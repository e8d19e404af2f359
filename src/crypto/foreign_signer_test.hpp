// SPDX-License-Identifier: Apache-2.0
// The other side of ForeignKey, for tests: a private key that signs as JOSE does and tells its public half.
#pragma once

#include <memory>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "crypto/octets.hpp"

namespace ward::crypto {

class ForeignSigner {
public:
    static ForeignSigner rsa(unsigned bits = 2048) { return ForeignSigner{EVP_RSA_gen(bits), 0}; }
    static ForeignSigner p256() { return ForeignSigner{EVP_EC_gen("P-256"), 32}; }
    static ForeignSigner p384() { return ForeignSigner{EVP_EC_gen("P-384"), 48}; }

    /// In base64url without padding, as JOSE writes it. The digest is that of the key's usual algorithm,
    /// unless `with_sha384`.
    std::string sign(std::string_view text, bool with_sha384 = false) const {
        const EVP_MD* digest = with_sha384 || coordinate_ == 48 ? EVP_sha384() : EVP_sha256();
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> signing{EVP_MD_CTX_new(),
                                                                              &EVP_MD_CTX_free};
        std::size_t size = 0;
        const auto bytes = as_bytes(text);
        WARD_ASSERT(EVP_DigestSignInit(signing.get(), nullptr, digest, nullptr, key_.get()) == 1);
        WARD_ASSERT(EVP_DigestSign(signing.get(), nullptr, &size, octets(bytes), bytes.size()) == 1);
        Buffer signature(size);
        WARD_ASSERT(EVP_DigestSign(signing.get(), writable_octets(signature), &size, octets(bytes),
                                   bytes.size()) == 1);
        signature.resize(size);
        return to_base64url(coordinate_ == 0 ? signature : pair_of(signature));
    }

    /// The members of a JWK, without braces.
    std::string jwk() const {
        if (coordinate_ == 0)
            return R"("kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N, 0) + R"(","e":")" +
                   number(OSSL_PKEY_PARAM_RSA_E, 0) + '"';
        return std::string{R"("kty":"EC","crv":")"} + (coordinate_ == 32 ? "P-256" : "P-384") + R"(","x":")" +
               number(OSSL_PKEY_PARAM_EC_PUB_X, coordinate_) + R"(","y":")" +
               number(OSSL_PKEY_PARAM_EC_PUB_Y, coordinate_) + '"';
    }

private:
    ForeignSigner(EVP_PKEY* key, std::size_t coordinate)
        : key_(key, &EVP_PKEY_free), coordinate_(coordinate) {
        WARD_ASSERT(key != nullptr);
    }

    std::string number(const char* name, std::size_t size) const {
        BIGNUM* value = nullptr;
        WARD_ASSERT(EVP_PKEY_get_bn_param(key_.get(), name, &value) == 1);
        Buffer bytes(size == 0 ? static_cast<std::size_t>(BN_num_bytes(value)) : size);
        WARD_ASSERT(BN_bn2binpad(value, writable_octets(bytes), static_cast<int>(bytes.size())) >= 0);
        BN_free(value);
        return to_base64url(bytes);
    }

    Buffer pair_of(Bytes der) const {
        const auto* begin = octets(der);
        ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size()));
        WARD_ASSERT(pair != nullptr);
        Buffer bytes(2 * coordinate_);
        const std::span<std::byte> all{bytes};
        const int size = static_cast<int>(coordinate_);
        BN_bn2binpad(ECDSA_SIG_get0_r(pair), writable_octets(all.first(coordinate_)), size);
        BN_bn2binpad(ECDSA_SIG_get0_s(pair), writable_octets(all.last(coordinate_)), size);
        ECDSA_SIG_free(pair);
        return bytes;
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::size_t coordinate_;
};

}   // namespace ward::crypto
