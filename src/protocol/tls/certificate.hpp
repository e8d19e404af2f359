// SPDX-License-Identifier: Apache-2.0
// X.509 certificates (RFC 5280) that crossed in the clear. Nothing is verified: what they say of themselves.
#pragma once

#include <optional>

#include "core/bytes.hpp"
#include "event/tls.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::tls {

struct CertificateLimits {
    std::size_t alternative_names_max = 32;
    std::size_t name_bytes_max = 512;   // of a distinguished name's text
};

/// Nothing where `encoded` is no certificate. Mail addresses are never told; of a client that names no host,
/// who may be a person, neither its name beyond its organisation nor its serial number.
std::optional<event::Certificate> read_certificate(Bytes encoded, Side shown_by);

}   // namespace ward::protocol::tls
