// SPDX-License-Identifier: Apache-2.0
// What time it is: NTP version 4, RFC 5905.
#pragma once

#include "core/bytes.hpp"
#include "lab/agenda.hpp"

namespace ward::lab {

struct NtpPacket {
    std::uint8_t leap = 0;
    std::uint8_t version = 4;
    std::uint8_t mode = 3;   // 3: client, 4: server
    std::uint8_t stratum = 0;
    std::uint8_t poll = 0;   // log2 of seconds
    std::int8_t precision = 0;
    std::uint32_t root_delay = 0;        // 1/65536 s
    std::uint32_t root_dispersion = 0;   // 1/65536 s
    std::uint32_t reference = 0;
    std::uint64_t referenced = 0;
    std::uint64_t originated = 0;
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    Buffer authenticator{};   // key number and digest; empty: none
};

/// Seconds since 1900 and their 2^32nd parts.
std::uint64_t ntp_time(Moment moment);
Buffer ntp_packet(const NtpPacket& packet);

}   // namespace ward::lab
