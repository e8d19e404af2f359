// SPDX-License-Identifier: Apache-2.0
// Owners for what OpenSSL hands out; for this folder's sources only.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "core/result.hpp"

namespace ward::http {

template <auto free>
struct Release {
    template <class T>
    void operator()(T* pointer) const noexcept {
        free(pointer);
    }
};

using BioPointer = std::unique_ptr<BIO, Release<&BIO_free_all>>;
using KeyPointer = std::unique_ptr<EVP_PKEY, Release<&EVP_PKEY_free>>;
using CertificatePointer = std::unique_ptr<X509, Release<&X509_free>>;
using ExtensionPointer = std::unique_ptr<X509_EXTENSION, Release<&X509_EXTENSION_free>>;
using Pkcs8Pointer = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<&PKCS8_PRIV_KEY_INFO_free>>;
using BigNumberPointer = std::unique_ptr<BIGNUM, Release<&BN_free>>;

/// An error that says what was being done, with the reason from OpenSSL's queue, which it empties.
tl::unexpected<Error> openssl_failure(Errc code, std::string what);

}   // namespace ward::http
