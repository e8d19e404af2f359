// SPDX-License-Identifier: Apache-2.0
#include "history/postings.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace ward::history {
namespace {

std::vector<Posting> some_postings(std::uint32_t seed, std::size_t count, std::uint32_t blocks) {
    std::mt19937 random{seed};
    std::vector<Posting> postings;
    for (std::size_t i = 0; i < count; ++i) {
        // A tenth of all are of a few keys, as common values are.
        const auto key = static_cast<Key>(i % 10 == 0 ? random() % 20 * 1'000'003 : random());
        postings.push_back(posting(key, static_cast<std::uint32_t>(random() % blocks)));
    }
    std::ranges::sort(postings);
    const auto doubles = std::ranges::unique(postings);
    postings.erase(doubles.begin(), doubles.end());
    return postings;
}

std::vector<Posting> read_all(const std::vector<IndexPage>& pages, std::uint32_t blocks = 0) {
    std::vector<Posting> all;
    for (const auto& page : pages) EXPECT_TRUE(append_postings(page, blocks, all));
    return all;
}

TEST(Postings, AreReadAsTheyWereWritten) {
    const auto postings = some_postings(1, 100'000, segment_blocks_max);
    const auto pages = paged(postings);
    EXPECT_EQ(read_all(pages), postings);
    EXPECT_TRUE(std::ranges::all_of(pages, [](const auto& page) { return page.bytes.size() <= 4'000; }));
    EXPECT_LT(pages.size(), 120U) << "four bytes a posting";
}

TEST(Postings, OfAKeyAreInThePageThatWouldHaveIt) {
    const auto postings = some_postings(2, 20'000, 64);
    const auto pages = paged(postings);
    for (std::size_t i = 0; i < postings.size(); i += 97) {
        const auto key = key_of(postings[i]);
        const auto page = std::prev(std::ranges::upper_bound(pages, key, {}, &IndexPage::first));
        const auto blocks = blocks_with(key, page->first, page->bytes);
        std::vector<std::uint32_t> wanted;
        for (const auto one : postings)
            if (key_of(one) == key) wanted.push_back(block_of(one));
        ASSERT_TRUE(blocks);
        EXPECT_EQ(*blocks, wanted);
        EXPECT_EQ(blocks_with(key ^ 1U, page->first, page->bytes)->empty(),
                  !std::ranges::binary_search(postings, key ^ 1U, {}, key_of));
    }
}

TEST(Postings, OfSeveralSegmentsBecomeThoseOfOne) {
    std::vector<Posting> merged, wanted;
    std::vector<std::size_t> ends;
    for (std::uint32_t i = 0; i < 7; ++i) {
        const auto own = paged(some_postings(i, 1'000 * i, 8));
        for (const auto& page : own) ASSERT_TRUE(append_postings(page, i * 8, merged));
        ends.push_back(merged.size());
    }
    wanted = merged;
    std::ranges::sort(wanted);
    merge_runs(merged, ends);
    EXPECT_EQ(merged, wanted);
}

TEST(Postings, ADamagedPageIsAnErrorOrReadsWithinItsBounds) {
    const auto pages = paged(some_postings(3, 500, segment_blocks_max));
    for (std::size_t i = 0; i < pages[0].bytes.size(); ++i) {
        auto damaged = pages[0];
        damaged.bytes[i] ^= std::byte{0x81};
        std::vector<Posting> read;
        if (!append_postings(damaged, 0, read)) continue;
        EXPECT_TRUE(
            std::ranges::all_of(read, [](Posting one) { return block_of(one) < segment_blocks_max; }));
    }
}

}   // namespace
}   // namespace ward::history
