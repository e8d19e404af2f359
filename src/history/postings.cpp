// SPDX-License-Identifier: Apache-2.0
#include "history/postings.hpp"

#include <algorithm>
#include <iterator>

#include "wire/varint.hpp"

namespace ward::history {
namespace {

// With its row's head it fits into a leaf of SQLite, whose pages have 4,096 bytes.
constexpr std::size_t page_bytes_max = 4'000;

tl::unexpected<Error> corrupt() { return fail(Errc::corrupt, "a page of the index is damaged"); }

/// An entry's blocks, each as its distance from the one before, doubled; one more if others follow.
void append_entry(Buffer& out, std::span<const Posting> same_key, Key distance) {
    append_varint(out, distance);
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < same_key.size(); ++i) {
        const auto block = block_of(same_key[i]);
        append_varint(out, std::uint64_t{block - last} << 1U | (i + 1 < same_key.size() ? 1U : 0U));
        last = block;
    }
}

/// Shows each posting of a page to `see`, until it says no.
template <class See>
Result<> walk(Key first, Bytes page, See see) {
    WireReader in{page};
    std::uint64_t key = first;
    while (in.remaining() > 0) {
        const auto distance = take_varint(in);
        if (distance > ~Key{0}) return corrupt();   // before the sum can begin anew at 0
        key += distance;
        std::uint64_t block = 0;
        for (bool more = true; more;) {
            const auto step = take_varint(in);
            block += step >> 1U;
            more = (step & 1U) != 0;
            if (in.truncated() || key > ~Key{0} || block >= segment_blocks_max) return corrupt();
            if (!see(static_cast<Key>(key), static_cast<std::uint32_t>(block))) return {};
        }
    }
    return {};
}

}   // namespace

std::vector<IndexPage> paged(std::span<const Posting> postings) {
    std::vector<IndexPage> pages;
    Buffer entry;
    Key last = 0;
    for (std::size_t begin = 0; begin < postings.size();) {
        const auto key = key_of(postings[begin]);
        auto end = begin + 1;
        while (end < postings.size() && key_of(postings[end]) == key) ++end;
        const auto same_key = postings.subspan(begin, end - begin);
        entry.clear();
        append_entry(entry, same_key, key - last);
        if (pages.empty() || pages.back().bytes.size() + entry.size() > page_bytes_max) {
            pages.push_back({key, {}});
            pages.back().bytes.reserve(page_bytes_max);
            entry.clear();
            append_entry(entry, same_key, 0);
        }
        append(pages.back().bytes, entry);
        last = key;
        begin = end;
    }
    return pages;
}

Result<> append_postings(const IndexPage& page, std::uint32_t blocks, std::vector<Posting>& out) {
    return walk(page.first, page.bytes, [&](Key key, std::uint32_t block) {
        out.push_back(posting(key, blocks + block));
        return true;
    });
}

Result<std::vector<std::uint32_t>> blocks_with(Key key, Key first, Bytes page) {
    std::vector<std::uint32_t> blocks;
    TRY(walk(first, page, [&](Key other, std::uint32_t block) {
        if (other == key) blocks.push_back(block);
        return other <= key;
    }));
    return blocks;
}

void merge_runs(std::vector<Posting>& postings, std::vector<std::size_t> ends) {
    std::vector<Posting> merged(postings.size());
    while (ends.size() > 1) {
        std::vector<std::size_t> next;
        std::size_t begin = 0;
        for (std::size_t i = 0; i < ends.size(); i += 2) {
            const auto at = [&](std::size_t place) {
                return std::next(postings.begin(), std::ptrdiff_t(place));
            };
            const auto middle = ends[i], end = i + 1 < ends.size() ? ends[i + 1] : middle;
            std::merge(at(begin), at(middle), at(middle), at(end),
                       std::next(merged.begin(), std::ptrdiff_t(begin)));
            next.push_back(end);
            begin = end;
        }
        postings.swap(merged);
        ends = std::move(next);
    }
}

}   // namespace ward::history
