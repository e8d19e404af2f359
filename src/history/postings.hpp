// SPDX-License-Identifier: Apache-2.0
// Which blocks of a segment hold a value: sorted pairs of a key and a block, in pages of a few kilobytes, so
// that a look-up reads one page.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace ward::history {

/// A hash of a field and its value. Two values may share one, so what it finds is looked at.
using Key = std::uint32_t;

constexpr std::uint32_t segment_blocks_max = 512;

/// A key in the upper half, a block of the segment, from 0, in the lower one: sorted by key, then block.
using Posting = std::uint64_t;
constexpr Posting posting(Key key, std::uint32_t block) { return std::uint64_t{key} << 32U | block; }
constexpr Key key_of(Posting one) { return static_cast<Key>(one >> 32U); }
constexpr std::uint32_t block_of(Posting one) { return static_cast<std::uint32_t>(one); }

struct IndexPage {
    Key first = 0;   // all postings of a key are in one page
    Buffer bytes{};
};

/// `postings` are sorted, without doubles.
std::vector<IndexPage> paged(std::span<const Posting> postings);

/// Appends those of a page, with `blocks` added to each block. Errc::corrupt.
Result<> append_postings(const IndexPage& page, std::uint32_t blocks, std::vector<Posting>& out);

/// The blocks of `key` in the page that would have it, ascending. Errc::corrupt.
Result<std::vector<std::uint32_t>> blocks_with(Key key, Key first, Bytes page);

/// Sorted runs that stand one after the other, as one; `ends` are theirs.
void merge_runs(std::vector<Posting>& postings, std::vector<std::size_t> ends);

}   // namespace ward::history
