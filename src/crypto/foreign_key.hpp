// SPDX-License-Identifier: Apache-2.0
// Public keys of others, RSA and ECDSA, and what they signed in the forms of JOSE (RFC 7518, 3.3 and 3.4). A
// key says by itself what it can verify: no text that came with a signature has a say.
#pragma once

#include <memory>

#include "core/bytes.hpp"
#include "core/result.hpp"

struct evp_pkey_st;

namespace ward::crypto {

/// rs: RSASSA-PKCS1-v1_5. es: ECDSA over P-256 with SHA-256, over P-384 with SHA-384.
enum class ForeignAlgorithm { rs256, rs384, es256, es384 };

/// Immutable; callable from several threads.
class ForeignKey {
public:
    /// Errc::denied for a modulus of less than 2048 or more than 8192 bits (RFC 7518, 3.3), or an exponent
    /// that is even, 1, or longer than 4 bytes.
    static Result<ForeignKey> rsa(Bytes modulus, Bytes exponent);

    /// Errc::denied for coordinates that are no point of the curve, or not of its size (RFC 7518, 6.2.1.2).
    static Result<ForeignKey> p256(Bytes x, Bytes y);
    static Result<ForeignKey> p384(Bytes x, Bytes y);

    bool can(ForeignAlgorithm algorithm) const noexcept;

    /// False also for an algorithm that is not one of this key's. An ECDSA signature is r and s, each of the
    /// curve's size.
    bool verify(ForeignAlgorithm algorithm, Bytes message, Bytes signature) const;

private:
    enum class Kind { rsa, p256, p384 };
    struct Release {
        void operator()(evp_pkey_st* key) const noexcept;
    };
    using Pointer = std::unique_ptr<evp_pkey_st, Release>;

    ForeignKey(Kind kind, Pointer key) : kind_(kind), key_(std::move(key)) {}
    static Result<ForeignKey> on_curve(Kind kind, Bytes x, Bytes y);

    Kind kind_;
    Pointer key_;
};

}   // namespace ward::crypto
