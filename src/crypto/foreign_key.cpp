// SPDX-License-Identifier: Apache-2.0
#include "crypto/foreign_key.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "crypto/octets.hpp"

namespace ward::crypto {
namespace {

template <auto function>
struct Free {
    void operator()(auto* thing) const noexcept { function(thing); }
};
using Number = std::unique_ptr<BIGNUM, Free<&BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<&OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<&OSSL_PARAM_free>>;
using KeyMaker = std::unique_ptr<EVP_PKEY_CTX, Free<&EVP_PKEY_CTX_free>>;
using Digester = std::unique_ptr<EVP_MD_CTX, Free<&EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Free<&ECDSA_SIG_free>>;

constexpr int modulus_bits_min = 2048, modulus_bits_max = 8192;
constexpr std::size_t exponent_bytes_max = 4;

Number number(Bytes bytes) {
    return Number{BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr)};
}

tl::unexpected<Error> no_key() {
    ERR_clear_error();
    return fail(Errc::denied, "not a usable public key");
}

/// Null if OpenSSL finds that the numbers make no key.
EVP_PKEY* make(const char* type, OSSL_PARAM_BLD* builder) {
    const Parameters parameters{OSSL_PARAM_BLD_to_param(builder)};
    const KeyMaker maker{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    EVP_PKEY* key = nullptr;
    if (!parameters || !maker || EVP_PKEY_fromdata_init(maker.get()) != 1 ||
        EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    const KeyMaker check{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)};
    if (check && EVP_PKEY_public_check(check.get()) == 1) return key;
    EVP_PKEY_free(key);
    return nullptr;
}

/// r and s as the DER that OpenSSL verifies; empty if they have not the curve's size.
Buffer der_of(Bytes signature, std::size_t coordinate_bytes) {
    if (signature.size() != 2 * coordinate_bytes) return {};
    const EcSignature pair{ECDSA_SIG_new()};
    auto r = number(signature.first(coordinate_bytes)), s = number(signature.last(coordinate_bytes));
    if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
    (void)r.release();   // they belong to the pair now
    (void)s.release();
    unsigned char* allocated = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &allocated);
    if (size <= 0) return {};
    const auto bytes = std::as_bytes(std::span{allocated, static_cast<std::size_t>(size)});
    Buffer der{bytes.begin(), bytes.end()};
    OPENSSL_free(allocated);
    return der;
}

bool verify_with(EVP_PKEY* key, const EVP_MD* digest, Bytes message, Bytes signature) {
    const Digester digester{EVP_MD_CTX_new()};
    const bool verified = digester &&
                          EVP_DigestVerifyInit(digester.get(), nullptr, digest, nullptr, key) == 1 &&
                          EVP_DigestVerify(digester.get(), octets(signature), signature.size(),
                                           octets(message), message.size()) == 1;
    ERR_clear_error();
    return verified;
}

}   // namespace

void ForeignKey::Release::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

Result<ForeignKey> ForeignKey::rsa(Bytes modulus, Bytes exponent) {
    const auto n = number(modulus), e = number(exponent);
    if (!n || !e || exponent.size() > exponent_bytes_max || BN_is_odd(e.get()) == 0 ||
        BN_is_one(e.get()) == 1)
        return no_key();
    const int bits = BN_num_bits(n.get());
    if (bits < modulus_bits_min || bits > modulus_bits_max) return no_key();
    const Builder builder{OSSL_PARAM_BLD_new()};
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return no_key();
    Pointer key{make("RSA", builder.get())};
    if (!key) return no_key();
    return ForeignKey{Kind::rsa, std::move(key)};
}

Result<ForeignKey> ForeignKey::on_curve(Kind kind, Bytes x, Bytes y) {
    const std::size_t size = kind == Kind::p256 ? 32 : 48;
    if (x.size() != size || y.size() != size) return no_key();
    Buffer point{std::byte{4}};   // SEC 1, 2.3.3: uncompressed
    append(point, x);
    append(point, y);
    const Builder builder{OSSL_PARAM_BLD_new()};
    const char* curve = kind == Kind::p256 ? "P-256" : "P-384";
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, octets(point),
                                         point.size()) != 1)
        return no_key();
    Pointer key{make("EC", builder.get())};
    if (!key) return no_key();
    return ForeignKey{kind, std::move(key)};
}

Result<ForeignKey> ForeignKey::p256(Bytes x, Bytes y) { return on_curve(Kind::p256, x, y); }
Result<ForeignKey> ForeignKey::p384(Bytes x, Bytes y) { return on_curve(Kind::p384, x, y); }

bool ForeignKey::can(ForeignAlgorithm algorithm) const noexcept {
    switch (algorithm) {
        case ForeignAlgorithm::rs256:
        case ForeignAlgorithm::rs384: return kind_ == Kind::rsa;
        case ForeignAlgorithm::es256: return kind_ == Kind::p256;
        case ForeignAlgorithm::es384: return kind_ == Kind::p384;
    }
    return false;
}

bool ForeignKey::verify(ForeignAlgorithm algorithm, Bytes message, Bytes signature) const {
    if (!can(algorithm)) return false;
    const bool is_long = algorithm == ForeignAlgorithm::rs384 || algorithm == ForeignAlgorithm::es384;
    const EVP_MD* digest = is_long ? EVP_sha384() : EVP_sha256();
    if (kind_ == Kind::rsa) return verify_with(key_.get(), digest, message, signature);
    const auto der = der_of(signature, kind_ == Kind::p256 ? 32 : 48);
    return !der.empty() && verify_with(key_.get(), digest, message, der);
}

}   // namespace ward::crypto
