// SPDX-License-Identifier: Apache-2.0
// How programs say hello: what they offer, and in which order, tells browsers, the system's own library and
// agents apart.
#pragma once

#include "lab/frames/office/tls.hpp"
#include "lab/network.hpp"
#include "lab/random.hpp"

namespace ward::lab {

enum class TlsTaste : std::uint8_t { chromium, firefox, system, agent };

/// What people use at a machine, the same each day.
TlsTaste taste_at(Address workstation);
/// Whether it speaks 1.3; the system's library of older versions of Windows does not.
bool knows_tls13(TlsTaste taste);
ClientHello hello_of(TlsTaste taste, std::string_view host, Random& random);

}   // namespace ward::lab
