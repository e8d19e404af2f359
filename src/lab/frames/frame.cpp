// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/frame.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "wire/wire_writer.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t ethernet_min = 60;
constexpr std::size_t ethernet_size = 14, ip_header_size = 20;

/// RFC 1071, of words in this machine's order, four bytes at a time: the sum's halves change places with the
/// bytes of each word.
std::uint64_t add_words(Bytes bytes, std::uint64_t sum) {
    std::array<std::byte, 4> word;
    for (; bytes.size() >= word.size(); bytes = bytes.subspan(word.size())) {
        std::ranges::copy(bytes.first<4>(), word.begin());
        sum += std::bit_cast<std::uint32_t>(word);
    }
    word = {};
    std::ranges::copy(bytes, word.begin());
    return sum + std::bit_cast<std::uint32_t>(word);
}

std::uint16_t fold(std::uint64_t sum) {
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    if constexpr (std::endian::native == std::endian::little) sum = (sum & 255) << 8 | sum >> 8;
    return static_cast<std::uint16_t>(~sum);
}

enum class Carried : std::uint8_t { tcp = 6, udp = 17 };

/// Everything before the payload, put together in place.
class Headers {
public:
    void ethernet(const Route& route) {
        writer_.put(std::as_bytes(std::span{route.target_mac}));
        writer_.put(std::as_bytes(std::span{route.source_mac}));
        writer_.integer<std::uint16_t>(0x0800);
    }
    void ip(const Route& route, std::uint16_t ip_id, Carried carried, std::size_t carried_bytes) {
        writer_.integer<std::uint16_t>(0x4500);
        writer_.integer(static_cast<std::uint16_t>(ip_header_size + carried_bytes));
        writer_.integer(ip_id);
        writer_.integer<std::uint16_t>(0x4000);   // not to be cut
        writer_.integer(route.time_to_live);
        writer_.integer(static_cast<std::uint8_t>(carried));
        writer_.integer<std::uint16_t>(0);
        writer_.integer(route.source);
        writer_.integer(route.target);
        put(ethernet_size + 10, fold(add_words(written(ethernet_size), 0)));
    }
    WireWriter& writer() { return writer_; }

    /// The checksum of the transport, which stands `at` in its header, and all of it as a frame.
    Buffer around(Bytes payload, Carried carried, std::size_t at) {
        constexpr auto transport = ethernet_size + ip_header_size;
        // The pseudo header: both addresses, the protocol, the length.
        const auto size = static_cast<std::uint16_t>(writer_.written() - transport + payload.size());
        std::array<std::byte, 4> pseudo;
        WireWriter rest{pseudo};
        rest.integer(static_cast<std::uint16_t>(carried));
        rest.integer(size);
        const auto sum = add_words(pseudo, add_words(payload, add_words(written(transport - 8), 0)));
        auto checksum = fold(sum);
        if (carried == Carried::udp && checksum == 0) checksum = 0xffff;   // RFC 768: 0 would mean none
        put(transport + at, checksum);
        Buffer frame;
        frame.reserve(std::max(writer_.written() + payload.size(), ethernet_min));
        append(frame, written(0));
        append(frame, payload);
        frame.resize(std::max(frame.size(), ethernet_min));
        return frame;
    }

private:
    Bytes written(std::size_t from) const { return Bytes{bytes_}.subspan(from, writer_.written() - from); }
    void put(std::size_t at, std::uint16_t value) {
        WireWriter{std::span{bytes_}.subspan(at)}.integer(value);
    }

    std::array<std::byte, ethernet_size + ip_header_size + 24> bytes_{};
    WireWriter writer_{bytes_};
};

}   // namespace

Buffer tcp_frame(const Route& route, std::uint16_t ip_id, const TcpHeader& header, Bytes payload) {
    const std::uint8_t words = header.mss == 0 ? 5 : 6;
    Headers headers;
    headers.ethernet(route);
    headers.ip(route, ip_id, Carried::tcp, words * 4U + payload.size());
    auto& out = headers.writer();
    out.integer(header.source_port);
    out.integer(header.target_port);
    out.integer(header.sequence);
    out.integer(header.acknowledged);
    out.integer(static_cast<std::uint8_t>(words << 4));
    out.integer(header.flags);
    out.integer(header.window);
    out.integer<std::uint32_t>(0);   // checksum and urgent pointer
    if (header.mss != 0) {
        out.integer<std::uint16_t>(0x0204);   // RFC 9293, 3.2: kind 2, length 4
        out.integer(header.mss);
    }
    return headers.around(payload, Carried::tcp, 16);
}

Buffer udp_frame(const Route& route, std::uint16_t ip_id, std::uint16_t source_port,
                 std::uint16_t target_port, Bytes payload) {
    Headers headers;
    headers.ethernet(route);
    headers.ip(route, ip_id, Carried::udp, 8 + payload.size());
    auto& out = headers.writer();
    out.integer(source_port);
    out.integer(target_port);
    out.integer(static_cast<std::uint16_t>(8 + payload.size()));
    out.integer<std::uint16_t>(0);
    return headers.around(payload, Carried::udp, 6);
}

}   // namespace ward::lab
