// SPDX-License-Identifier: Apache-2.0
// How a remote desktop begins, before TLS: MS-RDPBCGR, in X.224 and TPKT (RFC 1006, 6).
#pragma once

#include <string_view>

#include "core/bytes.hpp"

namespace ward::lab {

/// What protects a session: 0 is RDP's own, 1 TLS, 2 CredSSP over TLS, 8 that with an early answer.
Buffer rdp_request(std::string_view login, std::uint32_t protocols);
Buffer rdp_confirm(std::uint8_t flags, std::uint32_t protocol);

}   // namespace ward::lab
