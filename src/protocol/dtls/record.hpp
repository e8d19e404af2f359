// SPDX-License-Identifier: Apache-2.0
// What a datagram of DTLS consists of (RFC 6347, sections 4.1 and 4.2).
#pragma once

#include "protocol/tls/tls.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::dtls {

struct Record {
    tls::ContentType type{};
    std::uint16_t epoch = 0;   // 0 is in the clear
    Bytes body;                // borrows the datagram
    bool sealed = false;       // DTLS 1.3: all that follows in the datagram is encrypted
};

struct Fragment {
    std::uint8_t type = 0;
    std::uint16_t sequence = 0;   // of the message
    std::size_t length = 0;       // of the whole message
    std::size_t offset = 0;
    Bytes part;
};

Decode<Record> decode_record(Bytes datagram);
Decode<Fragment> decode_fragment(Bytes body);

}   // namespace ward::protocol::dtls
