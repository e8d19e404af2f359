// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/modbus.hpp"

#include "wire/wire_reader.hpp"

namespace ward::lab::modbus {
namespace {

/// The header counts what is behind its length: the unit, the function and what belongs to it.
Buffer unit(const Exchange& exchange, std::uint8_t function, Bytes rest) {
    Buffer out;
    append_big_endian(out, exchange.transaction);
    append_big_endian<std::uint16_t>(out, 0);   // protocol
    append_big_endian(out, static_cast<std::uint16_t>(2 + rest.size()));
    append_big_endian(out, exchange.unit);
    append_big_endian(out, function);
    append(out, rest);
    return out;
}

Buffer two_words(const Exchange& exchange, std::uint16_t second) {
    Buffer rest;
    append_big_endian(rest, exchange.address);
    append_big_endian(rest, second);
    return unit(exchange, static_cast<std::uint8_t>(exchange.function), rest);
}

}   // namespace

Buffer read(const Exchange& exchange, std::uint16_t count) { return two_words(exchange, count); }

Buffer registers(const Exchange& exchange, std::span<const std::uint16_t> values) {
    Buffer rest;
    append_big_endian(rest, static_cast<std::uint8_t>(values.size() * 2));
    for (const auto value : values) append_big_endian(rest, value);
    return unit(exchange, static_cast<std::uint8_t>(exchange.function), rest);
}

Buffer write(const Exchange& exchange, std::uint16_t value) { return two_words(exchange, value); }

Buffer busy(const Exchange& exchange) {
    return unit(exchange, static_cast<std::uint8_t>(static_cast<unsigned>(exchange.function) | 0x80U),
                Buffer{std::byte{6}});
}

}   // namespace ward::lab::modbus
