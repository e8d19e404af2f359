// SPDX-License-Identifier: Apache-2.0
// A certificate and its private key.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

namespace ward::http {

/// A private key as PKCS#8 DER; its bytes are wiped when it goes.
class PrivateKey {
public:
    explicit PrivateKey(Bytes der) : der_(der.begin(), der.end()) {}
    PrivateKey(PrivateKey&& other) noexcept = default;
    PrivateKey& operator=(PrivateKey&& other) noexcept;
    PrivateKey(const PrivateKey&) = delete;
    PrivateKey& operator=(const PrivateKey&) = delete;
    ~PrivateKey();

    /// The one way to the bytes; easy to find in a review.
    Bytes reveal() const { return der_; }

private:
    Buffer der_;
};

struct TlsIdentity {
    std::string certificate_pem{};   // the leaf, then intermediates if any
    PrivateKey key;
};

struct SelfSigned {
    enum class Purpose { server, client };
    std::vector<std::string> host_names{};   // at least one name or address
    std::vector<std::string> addresses{};    // IPv4 or IPv6, in text
    Time not_before{};
    std::chrono::days lifetime{825};
    Purpose purpose = Purpose::server;
};

/// A new ECDSA P-256 key and a certificate that it signs itself, for who has no other yet.
Result<TlsIdentity> make_self_signed(const SelfSigned& wish);

}   // namespace ward::http
