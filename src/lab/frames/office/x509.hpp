// SPDX-License-Identifier: Apache-2.0
// Certificates of servers and of their clients: RFC 5280. Their keys and signatures are drawn by lot: nobody
// has the private ones.
#pragma once

#include "core/bytes.hpp"
#include "lab/agenda.hpp"
#include "lab/random.hpp"

namespace ward::lab {

struct CertificateWish {
    std::string_view host;
    std::string_view organisation;   // of the issuer
    std::string_view issuer;
    Moment begin{};
    Moment end{};
    bool is_client = false;
};

/// DER. The same dice give the same certificate.
Buffer certificate(const CertificateWish& wish, Random random);
/// What an issuer is called, as it stands in certificates.
Buffer distinguished_name(std::string_view organisation, std::string_view name);

}   // namespace ward::lab
