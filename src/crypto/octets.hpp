// SPDX-License-Identifier: Apache-2.0
// OpenSSL and libsodium speak of unsigned char. The only place where bytes become that.
#pragma once

#include <span>

#include "core/bytes.hpp"

namespace ward::crypto {

inline const unsigned char* octets(Bytes bytes) {
    return static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
}

inline unsigned char* writable_octets(std::span<std::byte> bytes) {
    return static_cast<unsigned char*>(static_cast<void*>(bytes.data()));
}

}   // namespace ward::crypto
