// SPDX-License-Identifier: Apache-2.0
// Frames from a capture file: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), of either
// byte order, with several link types in one file.
#pragma once

#include <string>
#include <vector>

#include "capture/byte_source.hpp"
#include "wire/frame.hpp"

namespace ward::capture {

inline constexpr std::size_t frame_bytes_max = std::size_t{256} << 10;
inline constexpr std::size_t block_bytes_max = std::size_t{16} << 20;   // of pcapng
inline constexpr std::size_t interfaces_max = 4096;

class FileReader {
public:
    /// `-` is standard input. Errc::not_found, Errc::denied, Errc::malformed for another kind of file.
    static Result<FileReader> open(const std::string& path, Waiting waiting = {});

    /// False at the end. Errc::malformed names the byte where the file is damaged or ends too early; what was
    /// before it has been delivered.
    Result<bool> next(wire::Frame& frame);

private:
    enum class Format : std::uint8_t { pcap, pcapng };
    enum class Order : std::uint8_t { big, little };
    class Ordered;
    struct Interface {
        wire::LinkType link = wire::LinkType::ethernet;
        std::uint64_t ticks_per_second = 1'000'000;
        std::int64_t offset_seconds = 0;
        std::size_t snap_length = 0;   // 0 is none
    };

    FileReader(ByteSource source, std::string name) : source_(std::move(source)), name_(std::move(name)) {}

    Result<> begin();
    Result<bool> next_pcap(wire::Frame& frame);
    Result<bool> next_pcapng(wire::Frame& frame);
    Result<> begin_section();
    Result<> add_interface(Bytes body);
    bool read_packet_block(std::uint32_t type, Bytes body, wire::Frame& frame) const;
    wire::FrameTime time(const Interface& on, std::uint64_t ticks) const;
    tl::unexpected<Error> damaged(std::string_view what) const;
    Result<Bytes> peek_block();

    ByteSource source_;
    std::string name_;
    Format format_ = Format::pcap;
    Order order_ = Order::little;
    std::vector<Interface> interfaces_;   // of pcap, exactly one
};

}   // namespace ward::capture
