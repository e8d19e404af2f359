// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/flow_name.hpp"

#include <algorithm>

#include "crypto/fingerprint.hpp"
#include "wire/wire_reader.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t ip_at = 14, protocol_at = ip_at + 9, addresses_at = ip_at + 12, ports_at = ip_at + 20;

std::uint64_t number_at(Bytes frame, std::size_t at, std::size_t bytes) {
    std::uint64_t number = 0;
    for (const auto byte : frame.subspan(at, bytes))
        number = number << 8 | std::to_integer<std::uint64_t>(byte);
    return number;
}

}   // namespace

std::optional<FlowKey> flow_key(Bytes frame) {
    if (frame.size() < ports_at + 4 || number_at(frame, 12, 2) != 0x0800) return std::nullopt;
    const auto protocol = static_cast<std::uint8_t>(number_at(frame, protocol_at, 1));
    if (protocol != 6 && protocol != 17) return std::nullopt;
    const auto from = number_at(frame, addresses_at, 4) << 16 | number_at(frame, ports_at, 2);
    const auto to = number_at(frame, addresses_at + 4, 4) << 16 | number_at(frame, ports_at + 2, 2);
    return FlowKey{std::min(from, to), std::max(from, to), protocol};
}

std::string community_id(const FlowKey& key) {
    Buffer text;
    append_big_endian<std::uint16_t>(text, 0);
    append_big_endian(text, static_cast<std::uint32_t>(key.low >> 16));
    append_big_endian(text, static_cast<std::uint32_t>(key.high >> 16));
    append_big_endian(text, key.protocol);
    append_big_endian<std::uint8_t>(text, 0);
    append_big_endian(text, static_cast<std::uint16_t>(key.low));
    append_big_endian(text, static_cast<std::uint16_t>(key.high));
    return "1:" + to_base64(crypto::sha1_fingerprint(text));
}

}   // namespace ward::lab
