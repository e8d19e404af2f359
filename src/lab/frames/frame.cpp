// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/frame.hpp"

#include <algorithm>

#include "wire/wire_reader.hpp"
#include "wire/wire_writer.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t ethernet_min = 60;
constexpr std::size_t ip_header_size = 20;

/// RFC 1071: the sum so far, of 16-bit words.
std::uint32_t add_words(Bytes bytes, std::uint32_t sum) {
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        sum += (std::to_integer<std::uint32_t>(bytes[i]) << 8) + std::to_integer<std::uint32_t>(bytes[i + 1]);
    if (bytes.size() % 2 == 1) sum += std::to_integer<std::uint32_t>(bytes.back()) << 8;
    return sum;
}

std::uint16_t fold(std::uint32_t sum) {
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

void put(Buffer& buffer, std::size_t at, std::uint16_t value) {
    buffer[at] = static_cast<std::byte>(value >> 8);
    buffer[at + 1] = static_cast<std::byte>(value & 255);
}

void append_mac(Buffer& buffer, const Mac& mac) {
    for (const auto byte : mac) buffer.push_back(static_cast<std::byte>(byte));
}

enum class Carried : std::uint8_t { tcp = 6, udp = 17 };

/// Ethernet and IP around a transport's header and payload, whose checksum stands `checksum_at` in it.
Buffer enclose(const Route& route, std::uint16_t ip_id, Carried carried, const Buffer& segment,
               std::size_t checksum_at) {
    Buffer frame;
    frame.reserve(14 + ip_header_size + segment.size());
    append_mac(frame, route.target_mac);
    append_mac(frame, route.source_mac);
    append_big_endian<std::uint16_t>(frame, 0x0800);
    const auto ip = frame.size();
    append_big_endian<std::uint16_t>(frame, 0x4500);
    append_big_endian(frame, static_cast<std::uint16_t>(ip_header_size + segment.size()));
    append_big_endian(frame, ip_id);
    append_big_endian<std::uint16_t>(frame, 0x4000);   // not to be cut
    append_big_endian(frame, route.time_to_live);
    append_big_endian(frame, static_cast<std::uint8_t>(carried));
    append_big_endian<std::uint16_t>(frame, 0);
    append_big_endian(frame, route.source);
    append_big_endian(frame, route.target);
    put(frame, ip + 10, fold(add_words(Bytes{frame}.subspan(ip, ip_header_size), 0)));
    const auto transport = frame.size();
    append(frame, segment);
    // The pseudo header: both addresses, the protocol, the length.
    auto sum = add_words(Bytes{frame}.subspan(ip + 12, 8), static_cast<std::uint32_t>(carried));
    sum = add_words(segment, sum + static_cast<std::uint32_t>(segment.size()));
    auto checksum = fold(sum);
    if (carried == Carried::udp && checksum == 0) checksum = 0xffff;   // RFC 768: 0 would mean none
    put(frame, transport + checksum_at, checksum);
    frame.resize(std::max(frame.size(), ethernet_min));
    return frame;
}

}   // namespace

Buffer tcp_frame(const Route& route, std::uint16_t ip_id, const TcpHeader& header, Bytes payload) {
    Buffer segment;
    segment.reserve(24 + payload.size());
    append_big_endian(segment, header.source_port);
    append_big_endian(segment, header.target_port);
    append_big_endian(segment, header.sequence);
    append_big_endian(segment, header.acknowledged);
    const std::uint8_t words = header.mss == 0 ? 5 : 6;
    append_big_endian(segment, static_cast<std::uint8_t>(words << 4));
    append_big_endian(segment, header.flags);
    append_big_endian(segment, header.window);
    append_big_endian<std::uint32_t>(segment, 0);   // checksum and urgent pointer
    if (header.mss != 0) {
        append_big_endian<std::uint16_t>(segment, 0x0204);   // RFC 9293, 3.2: kind 2, length 4
        append_big_endian(segment, header.mss);
    }
    append(segment, payload);
    return enclose(route, ip_id, Carried::tcp, segment, 16);
}

Buffer udp_frame(const Route& route, std::uint16_t ip_id, std::uint16_t source_port,
                 std::uint16_t target_port, Bytes payload) {
    Buffer segment;
    append_big_endian(segment, source_port);
    append_big_endian(segment, target_port);
    append_big_endian(segment, static_cast<std::uint16_t>(8 + payload.size()));
    append_big_endian<std::uint16_t>(segment, 0);
    append(segment, payload);
    return enclose(route, ip_id, Carried::udp, segment, 6);
}

}   // namespace ward::lab
