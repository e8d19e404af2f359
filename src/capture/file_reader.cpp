// SPDX-License-Identifier: Apache-2.0
#include "capture/file_reader.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "wire/wire_reader.hpp"

namespace ward::capture {
namespace {

// The magic numbers of pcap, as a big-endian reader sees them.
constexpr std::uint32_t pcap_micro = 0xa1b2c3d4;
constexpr std::uint32_t pcap_nano = 0xa1b23c4d;
constexpr std::uint32_t pcap_micro_swapped = 0xd4c3b2a1;
constexpr std::uint32_t pcap_nano_swapped = 0x4d3cb2a1;

enum Block : std::uint32_t {
    section_header = 0x0a0d0d0a,
    interface_description = 1,
    packet = 2,   // obsolete, but still found
    simple_packet = 3,
    enhanced_packet = 6,
};
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;

enum Option : std::uint16_t { end_of_options = 0, time_resolution = 9, time_offset = 14 };

constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

/// Less than a second, in any resolution.
std::uint64_t nanoseconds(std::uint64_t part, std::uint64_t ticks_per_second) {
    constexpr auto nano = nanoseconds_per_second;
    if (ticks_per_second <= nano) return part * nano / ticks_per_second;
    if (ticks_per_second % nano == 0) return part / (ticks_per_second / nano);
    // A power of two: without its last bits, so that the product fits.
    const auto shift = std::max<int>(static_cast<int>(std::bit_width(ticks_per_second)) - 34, 0);
    return (part >> shift) * nano / (ticks_per_second >> shift);
}

/// What people give instead of a capture, and what to do with it.
std::string kind_of(Bytes start) {
    using Packed = std::pair<std::string_view, std::string_view>;   // how it begins, and what unpacks it
    constexpr std::array known{Packed{"\xfd\x37\x7a\x58\x5a", "xz"}, Packed{"\x28\xb5\x2f\xfd", "zstd"},
                               Packed{"\x04\x22\x4d\x18", "lz4"}, Packed{"BZh", "bzip2"}};
    const auto text = as_text(start);
    for (const auto& [magic, program] : known)
        if (text.starts_with(magic))
            return " is packed, try: " + std::string{program} + " -dc FILE | ward sensor read -";
    const bool is_text = !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n';
    });
    return is_text ? " is no capture: it is text" : " is no capture: neither pcap nor pcapng";
}

}   // namespace

/// Integers of the file's own byte order.
class FileReader::Ordered {
public:
    Ordered(Bytes bytes, Order order) : in_(bytes), little_(order == Order::little) {}
    std::uint16_t u16() { return little_ ? in_.le16() : in_.u16(); }
    std::uint32_t u32() { return little_ ? in_.le32() : in_.u32(); }
    std::uint64_t u64() { return little_ ? in_.le64() : in_.u64(); }
    WireReader& in() { return in_; }

private:
    WireReader in_;
    bool little_;
};

Result<FileReader> FileReader::open(const std::string& path, Waiting waiting) {
    FileReader reader{TRY(ByteSource::open(path, std::move(waiting))), path == "-" ? "standard input" : path};
    TRY(reader.begin());
    return reader;
}

tl::unexpected<Error> FileReader::damaged(std::string_view what) const {
    return fail(Errc::malformed,
                name_ + ": " + std::string{what} + " at byte " + std::to_string(source_.position()));
}

Result<> FileReader::begin() {
    const auto start = TRY(source_.peek(24));
    const auto magic = WireReader{start}.u32();
    if (magic == section_header) {
        format_ = Format::pcapng;
        return {};
    }
    const bool known = magic == pcap_micro || magic == pcap_nano || magic == pcap_micro_swapped ||
                       magic == pcap_nano_swapped;
    if (!known || start.size() < 24) return fail(Errc::malformed, name_ + kind_of(start));
    order_ = magic == pcap_micro || magic == pcap_nano ? Order::big : Order::little;
    Ordered header{start.subspan(20), order_};
    const bool nano = magic == pcap_nano || magic == pcap_nano_swapped;
    // The upper bits of the last field may tell of a frame check sequence.
    interfaces_.push_back(
        {static_cast<wire::LinkType>(header.u32() & 0xffffU), nano ? nanoseconds_per_second : 1'000'000U, 0});
    source_.advance(24);
    return {};
}

Result<bool> FileReader::next(wire::Frame& frame) {
    return format_ == Format::pcap ? next_pcap(frame) : next_pcapng(frame);
}

Result<bool> FileReader::next_pcap(wire::Frame& frame) {
    const auto record = TRY(source_.peek(16));
    if (record.empty()) return false;
    Ordered header{record, order_};
    const std::uint64_t seconds = header.u32();
    const std::uint64_t fraction = header.u32();
    const std::size_t captured = header.u32();
    const auto wire_length = header.u32();
    if (header.in().truncated()) return damaged("the capture ends in a packet's header");
    if (captured > frame_bytes_max) return damaged("a packet of " + std::to_string(captured) + " bytes");
    const auto whole = TRY(source_.peek(16 + captured));
    if (whole.size() < 16 + captured) return damaged("the capture ends in the middle of a packet");
    const auto& on = interfaces_.front();
    // Without dividing, unlike pcapng's: here the fraction stands by itself, in micro- or nanoseconds.
    const std::chrono::nanoseconds since{fraction * (nanoseconds_per_second / on.ticks_per_second)};
    frame = {
        wire::FrameTime{std::chrono::seconds{seconds} + since}, on.link, whole.subspan(16), wire_length, {}};
    source_.advance(16 + captured);
    return true;
}

wire::FrameTime FileReader::time(const Interface& on, std::uint64_t ticks) const {
    const auto seconds = ticks / on.ticks_per_second;
    const auto part = ticks % on.ticks_per_second;
    const auto fraction = nanoseconds(part, on.ticks_per_second);
    // Seconds past the year 2262 do not fit; such a clock was wrong.
    constexpr std::int64_t latest = 9'000'000'000;
    const auto whole = static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, latest)) +
                       std::clamp(on.offset_seconds, -latest, latest);
    return wire::FrameTime{std::chrono::seconds{std::clamp<std::int64_t>(whole, 0, latest)} +
                           std::chrono::nanoseconds{fraction}};
}

Result<> FileReader::begin_section() {
    const auto start = TRY(source_.peek(12));
    const auto order = start.size() == 12 ? WireReader{start.subspan(8)}.u32() : 0;
    if (order != byte_order_magic && order != 0x4d3c2b1a)
        return damaged("a section without its byte-order magic");
    order_ = order == byte_order_magic ? Order::big : Order::little;
    interfaces_.clear();
    return {};
}

Result<> FileReader::add_interface(Bytes body) {
    if (interfaces_.size() >= interfaces_max) return damaged("more interfaces than a capture has");
    Ordered in{body, order_};
    Interface added;
    added.link = static_cast<wire::LinkType>(in.u16());
    in.in().skip(2);   // reserved
    added.snap_length = in.u32();
    while (in.in().remaining() >= 4) {
        const auto code = in.u16();
        const std::size_t size = in.u16();
        if (code == end_of_options) break;
        Ordered value{in.in().take(size), order_};
        in.in().skip(std::min(padded(size) - size, in.in().remaining()));
        if (code == time_resolution && size == 1) {
            const auto exponent = value.in().u8();
            const bool binary = (exponent & 0x80U) != 0;
            const unsigned power = exponent & 0x7fU;
            if (power > (binary ? 60U : 18U)) return damaged("an impossible time resolution");
            added.ticks_per_second = 1;
            for (unsigned i = 0; i < power; ++i) added.ticks_per_second *= binary ? 2 : 10;
        } else if (code == time_offset && size == 8) {
            added.offset_seconds = static_cast<std::int64_t>(value.u64());
        }
    }
    interfaces_.push_back(added);
    return {};
}

bool FileReader::read_packet_block(std::uint32_t type, Bytes body, wire::Frame& frame) const {
    Ordered in{body, order_};
    std::size_t on = 0;
    std::uint64_t ticks = 0;
    std::size_t captured = 0;
    std::uint32_t length = 0;
    if (type == simple_packet) {
        length = in.u32();
        captured = std::min<std::size_t>(length, in.in().remaining());
        // Its own length is not in the block, but the interface's limit is known.
        if (!interfaces_.empty() && interfaces_[0].snap_length > 0)
            captured = std::min(captured, interfaces_[0].snap_length);
    } else {
        if (type == packet) {
            on = in.u16();
            in.in().skip(2);   // drops
        } else {
            on = in.u32();
        }
        ticks = in.u32();
        ticks = ticks << 32U | in.u32();
        captured = in.u32();
        length = in.u32();
    }
    const auto bytes = in.in().take(captured);
    if (in.in().truncated() || on >= interfaces_.size() || captured > frame_bytes_max) return false;
    frame = {time(interfaces_[on], ticks), interfaces_[on].link, bytes, length, {}};
    return true;
}

/// The next block, whole; empty at the end of the input.
Result<Bytes> FileReader::peek_block() {
    const auto start = TRY(source_.peek(8));
    if (start.empty()) return start;
    if (WireReader{start}.u32() == section_header) TRY(begin_section());
    Ordered header{TRY(source_.peek(8)), order_};
    header.u32();
    const std::size_t size = header.u32();
    if (header.in().truncated()) return damaged("the capture ends in the header of a block");
    if (size < 12 || size % 4 != 0 || size > block_bytes_max) return damaged("a block of impossible length");
    const auto block = TRY(source_.peek(size));
    if (block.size() < size) return damaged("the capture ends in the middle of a block");
    return block;
}

Result<bool> FileReader::next_pcapng(wire::Frame& frame) {
    for (;;) {
        const auto block = TRY(peek_block());
        if (block.empty()) return false;
        const auto type = Ordered{block, order_}.u32();
        const auto body = block.subspan(8, block.size() - 12);
        if (type == interface_description) TRY(add_interface(body));
        const bool is_packet = type == packet || type == simple_packet || type == enhanced_packet;
        if (is_packet && !read_packet_block(type, body, frame))
            return damaged("a packet block that contradicts itself");
        source_.advance(block.size());
        if (is_packet) return true;
    }
}

}   // namespace ward::capture
