// SPDX-License-Identifier: Apache-2.0
// Modbus Application Protocol V1.1b3 over TCP (Messaging on TCP/IP Implementation Guide V1.0b,
// section 3.1.3).
#pragma once

#include <span>

#include "core/bytes.hpp"

namespace ward::lab::modbus {

inline constexpr std::uint16_t port = 502;

enum class Function : std::uint8_t { read_holding = 3, read_input = 4, write_register = 6 };

struct Exchange {
    std::uint16_t transaction = 0;
    std::uint8_t unit = 1;
    Function function{};
    std::uint16_t address = 0;
};

Buffer read(const Exchange& exchange, std::uint16_t count);
Buffer registers(const Exchange& exchange, std::span<const std::uint16_t> values);
/// Asked and answered alike.
Buffer write(const Exchange& exchange, std::uint16_t value);
/// Exception 6: the device is busy.
Buffer busy(const Exchange& exchange);

}   // namespace ward::lab::modbus
