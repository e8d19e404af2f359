// SPDX-License-Identifier: Apache-2.0
// X.509 certificates (RFC 5280) that crossed in the clear. Nothing is verified: what they say of themselves.
#pragma once

#include <optional>

#include "core/bytes.hpp"
#include "event/tls.hpp"

namespace ward::protocol::tls {

struct CertificateLimits {
    std::size_t alternative_names_max = 32;
    std::size_t name_bytes_max = 512;   // of a distinguished name's text
};

/// Nothing where `encoded` is no certificate.
std::optional<event::Certificate> read_certificate(Bytes encoded);

}   // namespace ward::protocol::tls
