// SPDX-License-Identifier: Apache-2.0
// Writes an endless-looking capture to standard output: packet_flood syns|fragments|message COUNT.
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>

#include "core/bytes.hpp"
#include "wire/wire_reader.hpp"

namespace {

using ward::append;
using ward::append_big_endian;
using ward::as_bytes;
using ward::Buffer;

constexpr std::size_t written_at_once = std::size_t{1} << 18U;
constexpr std::uint8_t tcp = 6;
constexpr std::uint8_t udp = 17;

void put(Buffer& out, auto... numbers) { (append_big_endian(out, numbers), ...); }

class Flood {
public:
    Flood() {
        put(out_, 0xa1b2c3d4U, 0x00020004U, 0U, 0U, 262144U, 1U);   // pcap with microseconds, Ethernet
    }

    /// An IPv4 packet in its frame. `fragment`: flags and offset as in the header.
    void packet(std::uint8_t protocol, std::uint32_t source, std::uint16_t id, std::uint16_t fragment,
                ward::Bytes payload) {
        const auto ip_size = static_cast<std::uint16_t>(20 + payload.size());
        const auto size = static_cast<std::uint32_t>(14 + ip_size);
        put(out_, now_ / 1'000'000, now_ % 1'000'000, size, size);
        put(out_, 0x02000000U, 0x00010200U, 0x00000002U, std::uint16_t{0x0800});
        put(out_, std::uint16_t{0x4500}, ip_size, id, fragment, std::uint8_t{64}, protocol, std::uint16_t{0});
        put(out_, source, 0x0a090001U);
        append(out_, payload);
        now_ += 10;
        if (out_.size() >= written_at_once) write_out();
    }
    void write_out() {
        for (ward::Bytes rest = out_; !rest.empty();) {
            const auto count = ::write(STDOUT_FILENO, rest.data(), rest.size());
            if (count <= 0) std::exit(1);
            rest = rest.subspan(static_cast<std::size_t>(count));
        }
        out_.clear();
    }

private:
    Buffer out_;
    std::uint32_t now_ = 1'700'000'000;
};

Buffer segment(std::uint32_t sequence, std::uint8_t flags, ward::Bytes payload) {
    Buffer out;
    put(out, std::uint16_t{40000}, std::uint16_t{2575}, sequence, 0U, std::uint8_t{0x50}, flags,
        std::uint16_t{8192}, 0U);
    append(out, payload);
    return out;
}

/// Each from an address of its own.
void send_syns(Flood& flood, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) flood.packet(tcp, 0x14000000U + i * 3, 1, 0, segment(i, 2, {}));
}

/// First fragments whose others never come.
void send_fragments(Flood& flood, std::uint32_t count) {
    const std::string content(1400, 'f');
    for (std::uint32_t i = 0; i < count; ++i)
        flood.packet(udp, 0x14000000U + i / 1000, static_cast<std::uint16_t>(i), 0x2000, as_bytes(content));
}

/// An HL7 message of `mebibytes` whose end does not come.
void send_message(Flood& flood, std::uint32_t mebibytes) {
    constexpr std::size_t piece = 32768;
    std::uint32_t sequence = 1000;
    flood.packet(tcp, 0x0a090002U, 1, 0, segment(sequence++, 2, {}));
    std::string text = "\x0bMSH|^~\\&|BED4|UNIT07|HIS|CLIN|20260911||ORU^R01|M1|P|2.5.1\rOBX|1|ED|";
    for (std::uint64_t sent = 0; sent < std::uint64_t{mebibytes} << 20U; sent += text.size()) {
        text.resize(piece, 'A');
        flood.packet(tcp, 0x0a090002U, 1, 0, segment(sequence, 0x18, as_bytes(text)));
        sequence += piece;
        text.assign(piece, 'A');
    }
}

}   // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const std::string_view kind = argv[1];
    const auto count = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
    Flood flood;
    if (kind == "syns") send_syns(flood, count);
    if (kind == "fragments") send_fragments(flood, count);
    if (kind == "message") send_message(flood, count);
    flood.write_out();
    return 0;
}
