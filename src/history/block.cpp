// SPDX-License-Identifier: Apache-2.0
#include "history/block.hpp"

#include <algorithm>
#include <memory>
#include <zstd.h>

#include "core/assert.hpp"
#include "wire/varint.hpp"

namespace ward::history {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr int compression_level = 1;   // measured: level 3 is no smaller for blocks of this size
constexpr std::size_t mark_bytes_max = 5 + 10 + 10 + 5;
constexpr std::size_t plain_bytes_max =
    16 + block_events_max * mark_bytes_max + block_bytes_full + line_bytes_max;

using Compressor = std::unique_ptr<ZSTD_CCtx, decltype([](ZSTD_CCtx* c) { ZSTD_freeCCtx(c); })>;
using Decompressor = std::unique_ptr<ZSTD_DCtx, decltype([](ZSTD_DCtx* d) { ZSTD_freeDCtx(d); })>;

Compressor make_compressor() {
    Compressor made{ZSTD_createCCtx()};
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_compressionLevel, compression_level);
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_checksumFlag, 1);
    return made;
}

Buffer compressed(Bytes plain) {
    thread_local const Compressor compressor = make_compressor();
    Buffer out(ZSTD_compressBound(plain.size()));
    const std::size_t size =
        ZSTD_compress2(compressor.get(), out.data(), out.size(), plain.data(), plain.size());
    WARD_ASSERT(ZSTD_isError(size) == 0);   // the target is as large as zstd asks
    out.resize(size);
    return out;
}

tl::unexpected<Error> corrupt(std::string_view what) {
    return fail(Errc::corrupt, "a block " + std::string{what});
}

Result<Buffer> decompressed(Bytes frame) {
    thread_local const Decompressor decompressor{ZSTD_createDCtx()};
    const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size > plain_bytes_max) return corrupt("says no length, or one out of range");
    Buffer plain(size);
    const auto written =
        ZSTD_decompressDCtx(decompressor.get(), plain.data(), plain.size(), frame.data(), frame.size());
    if (written != size) return corrupt("does not decompress");
    return plain;
}

}   // namespace

Buffer encode_block(const Block& block, std::size_t begin, std::size_t lines_begin) {
    Buffer plain;
    const auto count = block.marks.size() - begin;
    plain.reserve(16 + count * mark_bytes_max + block.lines.size() - lines_begin);
    plain.push_back(std::byte{format_version});
    append_varint(plain, count);
    Mark last;
    for (std::size_t i = begin; i < block.marks.size(); ++i) {
        const auto& mark = block.marks[i];
        append_varint(plain, mark.publisher);
        append_varint(plain, zigzag(static_cast<std::int64_t>(mark.sequence - last.sequence)));
        append_varint(plain, zigzag(mark.microseconds - last.microseconds));
        append_varint(plain, mark.line_bytes);
        last = mark;
    }
    append(plain, as_bytes(std::string_view{block.lines}.substr(lines_begin)));
    return compressed(plain);
}

Result<Block> decode_block(Bytes bytes) {
    const auto plain = TRY(decompressed(bytes));
    WireReader in{plain};
    if (in.u8() != format_version) return corrupt("has another version");
    const auto count = take_varint(in);
    if (count > block_events_max) return corrupt("has too many events");
    Block block;
    block.marks.reserve(count);
    Mark last;
    std::size_t lines_bytes = 0;
    for (std::size_t i = 0; i < count; ++i) {
        last.publisher = static_cast<std::uint32_t>(take_varint(in));
        last.sequence += static_cast<std::uint64_t>(unzigzag(take_varint(in)));
        const auto step = static_cast<std::uint64_t>(unzigzag(take_varint(in)));
        last.microseconds = static_cast<std::int64_t>(static_cast<std::uint64_t>(last.microseconds) + step);
        last.line_bytes = static_cast<std::uint32_t>(take_varint(in));
        lines_bytes += last.line_bytes;
        block.marks.push_back(last);
    }
    if (in.truncated() || in.remaining() != lines_bytes) return corrupt("has another length than it says");
    block.lines = as_text(in.rest());
    return block;
}

}   // namespace ward::history
