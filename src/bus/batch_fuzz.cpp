// SPDX-License-Identifier: Apache-2.0
// Whoever may publish on the bus may send anything: what passes as a batch opens within its limits or not at
// all, and is what it would be written as.
#include <algorithm>

#include "bus/batch.hpp"
#include "core/assert.hpp"

using namespace ward;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const auto bytes = std::as_bytes(std::span{input, size});
    const auto decoded = bus::decode_batch(bytes);
    const auto* batch = std::get_if<Decoded<bus::Batch>>(&decoded);
    if (batch == nullptr) return 0;
    auto last = batch->message.first() - 1;
    WARD_ASSERT(batch->message.last() >= batch->message.after);
    for (const auto& record : batch->message.records) {
        WARD_ASSERT(record.first == last + 1);
        last = record.last();
        const auto lines = spool::unpack(record);
        if (lines) WARD_ASSERT(std::ranges::count(*lines, '\n') == static_cast<std::ptrdiff_t>(record.lines));
    }
    constexpr std::size_t head_bytes = 12;
    const auto again = bus::encode_batch(batch->message.after, bytes.subspan(head_bytes));
    WARD_ASSERT(std::ranges::equal(again, bytes));
    return 0;
}
