// SPDX-License-Identifier: Apache-2.0
// How those who manage machines ask them: SNMP version 2c (RFC 1901), with the operations of RFC 3416.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/bytes.hpp"

namespace ward::lab::snmp {

inline constexpr std::uint16_t port = 161;

// RFC 2578, 7.1.
struct Counter {
    std::uint32_t count = 0;
};
struct Gauge {
    std::uint32_t level = 0;
};
struct Ticks {
    std::uint32_t hundredths = 0;
};
using Value = std::variant<std::string, int, Counter, Gauge, Ticks>;

struct Reading {
    std::string_view object;   // 1.3.6.1.2.1.1.3.0
    Value value;
};

struct Exchange {
    std::string_view community;
    std::int32_t id = 0;
};

Buffer get(const Exchange& exchange, std::span<const Reading> wanted);
Buffer response(const Exchange& exchange, std::span<const Reading> readings);

}   // namespace ward::lab::snmp
