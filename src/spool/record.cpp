// SPDX-License-Identifier: Apache-2.0
#include "spool/record.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <zlib.h>
#include <zstd.h>

#include "core/assert.hpp"
#include "spool/checksum.hpp"
#include "wire/wire_reader.hpp"
#include "wire/wire_writer.hpp"

namespace ward::spool {
namespace {

constexpr std::size_t frame_bytes = 8;   // length and checksum
constexpr std::size_t head_bytes = 16;   // what the checksum covers, before what is compressed
// Higher levels take twice the time of a core for a tenth less.
constexpr int compression_level = 1;

using Compressor = std::unique_ptr<ZSTD_CCtx, decltype([](ZSTD_CCtx* c) { ZSTD_freeCCtx(c); })>;
using Decompressor = std::unique_ptr<ZSTD_DCtx, decltype([](ZSTD_DCtx* d) { ZSTD_freeDCtx(d); })>;

}   // namespace

std::uint32_t checksum(Bytes bytes) noexcept {
    const auto text = as_text(bytes);
    const auto* start = static_cast<const Bytef*>(static_cast<const void*>(text.data()));
    return static_cast<std::uint32_t>(::crc32_z(0, start, text.size()));
}

Decode<Record> decode_record(Bytes input) noexcept {
    if (input.size() < frame_bytes) return NeedMore{frame_bytes - input.size()};
    WireReader in{input};
    const std::size_t length = in.u32();
    const auto expected = in.u32();
    if (length <= head_bytes || length > record_bytes_max - frame_bytes)
        return Malformed{"length out of range"};
    if (in.remaining() < length) return NeedMore{length - in.remaining()};
    const auto body = in.take(length);
    if (checksum(body) != expected) return Malformed{"checksum differs"};
    WireReader fields{body};
    Record record;
    record.first = fields.u64();
    record.lines = fields.u32();
    record.text_bytes = fields.u32();
    record.packed = fields.rest();
    if (record.lines == 0 || record.text_bytes < record.lines || record.text_bytes > text_bytes_max)
        return Malformed{"count out of range"};
    if (record.first == 0 || record.first > std::numeric_limits<Sequence>::max() - record.lines)
        return Malformed{"sequence out of range"};
    return Decoded<Record>{record, frame_bytes + length};
}

std::optional<std::size_t> damaged_length(Bytes input) noexcept {
    const std::size_t length = WireReader{input}.u32();
    if (length <= head_bytes || length > record_bytes_max - frame_bytes) return std::nullopt;
    if (input.size() < frame_bytes + length) return std::nullopt;
    return frame_bytes + length;
}

Result<std::string> unpack(const Record& record) {
    thread_local const Decompressor decompressor{ZSTD_createDCtx()};
    std::string text(record.text_bytes, '\0');
    const auto size = ZSTD_decompressDCtx(decompressor.get(), text.data(), text.size(), record.packed.data(),
                                          record.packed.size());
    if (ZSTD_isError(size) != 0 || size != text.size())
        return fail(Errc::malformed, "record does not decompress");
    const auto ends = std::ranges::count(text, '\n');
    if (text.back() != '\n' || ends != static_cast<std::ptrdiff_t>(record.lines))
        return fail(Errc::malformed, "record has not the lines that it says");
    return text;
}

void append_record(Buffer& target, Sequence first, std::string_view lines) {
    thread_local const Compressor compressor{ZSTD_createCCtx()};
    WARD_ASSERT(!lines.empty() && lines.size() <= text_bytes_max && lines.back() == '\n');
    const std::size_t start = target.size();
    const std::size_t packed_at = start + frame_bytes + head_bytes;
    target.resize(packed_at + ZSTD_compressBound(lines.size()));
    const std::size_t size =
        ZSTD_compressCCtx(compressor.get(), target.data() + packed_at, target.size() - packed_at,
                          lines.data(), lines.size(), compression_level);
    WARD_ASSERT(ZSTD_isError(size) == 0);   // the target is as large as zstd asks
    target.resize(packed_at + size);

    const auto record = std::span{target}.subspan(start);
    WireWriter head{record.subspan(frame_bytes)};
    head.integer(first);
    head.integer(static_cast<std::uint32_t>(std::ranges::count(lines, '\n')));
    head.integer(static_cast<std::uint32_t>(lines.size()));
    WireWriter frame{record};
    frame.integer(static_cast<std::uint32_t>(head_bytes + size));
    frame.integer(checksum(record.subspan(frame_bytes)));
}

}   // namespace ward::spool
