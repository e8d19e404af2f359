// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/bytes.hpp"

namespace ward::spool {

/// CRC-32 of ISO-HDLC, as zlib and Ethernet have it: against torn writes, not against people.
std::uint32_t checksum(Bytes bytes) noexcept;

}   // namespace ward::spool
