// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "history/block.hpp"
#include "history/postings.hpp"

using namespace ward;
using namespace ward::history;

// What decodes is what its encoding decodes to; a page of the index names only blocks that a segment can
// have.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const auto bytes = std::as_bytes(std::span{input, size});
    if (const auto block = decode_block(bytes)) {
        const auto again = decode_block(encode_block(*block));
        WARD_ASSERT(again && *again == *block);
    }
    std::vector<Posting> postings;
    const IndexPage page{7, Buffer{bytes.begin(), bytes.end()}};
    if (append_postings(page, 0, postings))
        for (const auto one : postings) WARD_ASSERT(key_of(one) >= 7 && block_of(one) < segment_blocks_max);
    if (const auto blocks = blocks_with(9, 7, bytes))
        for (const auto block : *blocks) WARD_ASSERT(block < segment_blocks_max);
    return 0;
}
