// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/assert.hpp"
#include "wire/tcp_stream.hpp"
#include "wire/wire_reader.hpp"

// A byte for the policy of overlaps, then operations: what (a segment, an urgent one, a far one, an
// acknowledgement), how far from the next byte, and the bytes. All that is told is counted, and what waits is
// bounded whatever comes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward;
    using namespace ward::wire;
    WireReader in{std::as_bytes(std::span{data, size})};
    const auto overlap = static_cast<Overlap>(in.u8() % 5);
    constexpr StreamLimits limits{.waiting_bytes_max = 512,
                                  .waiting_segments_max = 16,
                                  .unacknowledged_bytes_max = 128,
                                  .leap_max = 4096};
    TcpStream stream;
    std::uint64_t told = 0;
    std::uint64_t lost = 0;
    const auto reader = [&](const StreamPiece& piece) {
        WARD_ASSERT(piece.bytes.empty() != (piece.lost == 0));
        told += piece.bytes.size();
        lost += piece.lost;
    };
    while (in.remaining() > 0) {
        const auto what = in.u8();
        auto sequence = stream.next_sequence() + in.u16() - 0x8000U;
        if ((what & 4U) != 0) sequence += 0x10000000U * (what >> 4U);
        if ((what & 3U) == 3) {
            stream.acknowledged({sequence, what * 16U, (what & 8U) != 0}, limits, reader);
            continue;
        }
        const auto payload = in.take(std::min<std::size_t>(in.u8(), in.remaining()));
        const auto urgent = (what & 3U) == 1 ? static_cast<std::uint16_t>(what >> 2U) : std::uint16_t{0};
        stream.segment({sequence, payload, urgent}, overlap, limits, reader);
        WARD_ASSERT(stream.memory() <= 512 + 128 * 2 + 64 * 64);
    }
    stream.finish(std::nullopt, reader);
    const auto& counts = stream.counts();
    WARD_ASSERT(stream.memory() == 0);
    WARD_ASSERT(counts.delivered == told + counts.urgent);
    WARD_ASSERT(counts.lost == lost);
    return 0;
}
