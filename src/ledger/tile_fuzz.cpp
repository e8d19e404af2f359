// SPDX-License-Identifier: Apache-2.0
// The input is a width, and then a path, a tile and a bundle at once.
#include <algorithm>

#include "core/assert.hpp"
#include "ledger/tile.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward;
    using namespace ward::ledger;
    if (size == 0) return 0;
    const Bytes input = std::as_bytes(std::span{data, size}).subspan(1);
    const std::uint64_t width = data[0] + std::uint64_t{1};

    if (const auto tile = parse_tile_path(as_text(input))) WARD_ASSERT(tile_path(*tile) == as_text(input));

    if (const auto hashes = parse_hashes(input, width))
        WARD_ASSERT(std::ranges::equal(format_hashes(*hashes), input));

    if (const auto entries = parse_entries(input, width)) {
        WARD_ASSERT(entries->size() == width && entries_length(input, width) == input.size());
        Buffer bundle;
        for (const auto entry : *entries) append_entry(bundle, entry);
        WARD_ASSERT(std::ranges::equal(bundle, input));
    }
    if (const auto length = entries_length(input, width)) {
        WARD_ASSERT(*length <= input.size());
        WARD_ASSERT(parse_entries(input.first(*length), width).has_value());
    }
    return 0;
}
