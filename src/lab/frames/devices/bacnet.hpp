// SPDX-License-Identifier: Apache-2.0
// What building controllers say: BACnet (ASHRAE 135), application units of clause 20 over IP as annex J has
// it.
#pragma once

#include "core/bytes.hpp"

namespace ward::lab::bacnet {

inline constexpr std::uint16_t port = 47'808;

enum class ObjectType : std::uint8_t {
    analog_input = 0,
    analog_value = 2,
    binary_input = 3,
    binary_output = 4,
    device = 8
};
struct Object {
    ObjectType type{};
    std::uint32_t instance = 0;   // 22 bits
};

// Clauses 16.10 and 15.5, behind a network header (clause 6.2).
Buffer who_is();
Buffer i_am(std::uint32_t device, std::uint8_t vendor);
Buffer read_present_value(std::uint8_t invoke, Object object);
/// A real number of an analog object, active or not of a binary one.
Buffer present_value(std::uint8_t invoke, Object object, float value);
/// The object is unknown.
Buffer refuse(std::uint8_t invoke);

enum class Function : std::uint8_t {
    result = 0x00,
    register_foreign_device = 0x05,
    distribute_broadcast = 0x09,
    original_unicast = 0x0a,
    original_broadcast = 0x0b
};
/// Annex J.2: around a network unit, or around the function's own parameters.
Buffer over_ip(Function function, Bytes content);
/// What a broadcast management device repeats, with who said it (annex J.2.5).
Buffer forwarded(std::uint32_t address, Bytes content);

}   // namespace ward::lab::bacnet
