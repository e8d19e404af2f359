// SPDX-License-Identifier: Apache-2.0
// Names and what they stand for: RFC 1035, with RFC 2782 and 3596.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "lab/network.hpp"

namespace ward::lab {

enum class DnsType : std::uint16_t { a = 1, cname = 5, soa = 6, ptr = 12, aaaa = 28, srv = 33, https = 65 };

namespace dns_flag {
constexpr std::uint16_t response = 0x8000, authoritative = 0x0400, recursion_desired = 0x0100,
                        recursion_available = 0x0080, no_such_name = 3;
}

struct DnsRecord {
    std::string name;
    DnsType type{};
    std::uint32_t seconds = 0;   // it may be kept
    Address address = 0;         // of an A
    std::string target{};        // of a CNAME, PTR, SRV; of an SOA the server
    std::uint16_t port = 0;      // of an SRV
    std::uint32_t serial = 0;    // of an SOA
};

struct DnsMessage {
    std::uint16_t id = 0;
    std::uint16_t flags = 0;
    std::string name;
    DnsType type{};
    std::vector<DnsRecord> answers{};
    std::vector<DnsRecord> authorities{};
};

Buffer dns_message(const DnsMessage& message);
/// The name that an address is asked for by: RFC 1035, 3.5.
std::string dns_name_of(Address address);

}   // namespace ward::lab
