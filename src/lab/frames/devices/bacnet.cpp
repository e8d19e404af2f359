// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/bacnet.hpp"

#include <bit>

#include "wire/wire_reader.hpp"

namespace ward::lab::bacnet {
namespace {

constexpr std::uint8_t read_property = 12, present_value_property = 85;

template <class... Byte>
void put(Buffer& out, Byte... bytes) {
    (out.push_back(static_cast<std::byte>(bytes)), ...);
}

/// To everybody on all networks, at most 255 routers away.
Buffer to_all() {
    Buffer out;
    put(out, 0x01, 0x20, 0xff, 0xff, 0x00, 0xff);
    return out;
}

void put_object(Buffer& out, Object object) {
    append_big_endian(out, static_cast<std::uint32_t>(object.type) << 22U | object.instance);
}

bool is_binary(Object object) {
    return object.type == ObjectType::binary_input || object.type == ObjectType::binary_output;
}

Buffer bvlc(std::uint8_t function, Bytes first, Bytes rest) {
    Buffer out;
    put(out, 0x81, function);
    append_big_endian(out, static_cast<std::uint16_t>(4 + first.size() + rest.size()));
    append(out, first);
    append(out, rest);
    return out;
}

}   // namespace

Buffer who_is() {
    auto out = to_all();
    put(out, 0x10, 0x08);
    return out;
}

Buffer i_am(std::uint32_t device, std::uint8_t vendor) {
    auto out = to_all();
    put(out, 0x10, 0x00, 0xc4);
    put_object(out, {ObjectType::device, device});
    put(out, 0x22, 0x05, 0xc4);   // takes 1,476 bytes
    put(out, 0x91, 0x03);         // in one piece
    put(out, 0x21, vendor);
    return out;
}

Buffer read_present_value(std::uint8_t invoke, Object object) {
    Buffer out;
    put(out, 0x01, 0x04);   // an answer is expected
    put(out, 0x00, 0x05, invoke, read_property, 0x0c);
    put_object(out, object);
    put(out, 0x19, present_value_property);
    return out;
}

Buffer present_value(std::uint8_t invoke, Object object, float value) {
    Buffer out;
    put(out, 0x01, 0x00);
    put(out, 0x30, invoke, read_property, 0x0c);
    put_object(out, object);
    put(out, 0x19, present_value_property, 0x3e);
    if (is_binary(object)) {
        put(out, 0x91, value > 0 ? 1 : 0);
    } else {
        put(out, 0x44);
        append_big_endian(out, std::bit_cast<std::uint32_t>(value));
    }
    put(out, 0x3f);
    return out;
}

Buffer refuse(std::uint8_t invoke) {
    Buffer out;
    put(out, 0x01, 0x00);
    put(out, 0x50, invoke, read_property, 0x91, 1, 0x91, 31);   // class object: unknown object
    return out;
}

Buffer over_ip(Function function, Bytes content) {
    return bvlc(static_cast<std::uint8_t>(function), content, {});
}

Buffer forwarded(std::uint32_t address, Bytes content) {
    Buffer origin;
    append_big_endian(origin, address);
    append_big_endian(origin, port);
    return bvlc(0x04, origin, content);
}

}   // namespace ward::lab::bacnet
