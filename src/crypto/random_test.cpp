// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.hpp"

#include <algorithm>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace ward::crypto {
namespace {

using Salt = std::array<std::byte, 24>;

TEST(Random, NeverRepeatsAcrossBlocksAndThreads) {
    std::vector<std::vector<Salt>> drawn(4);
    {
        std::vector<std::jthread> threads;
        for (auto& salts : drawn)
            threads.emplace_back([&salts] {
                for (int i = 0; i < 2000; ++i) salts.push_back(random_array<24>());
            });
    }
    std::set<Salt> distinct;
    for (const auto& salts : drawn) distinct.insert(salts.begin(), salts.end());
    EXPECT_EQ(distinct.size(), 8000U);
}

TEST(Random, FillsEveryLengthToTheLastByte) {
    for (std::size_t size = 0; size < 600; ++size) {
        std::vector<std::byte> seen(size, std::byte{0});
        for (int round = 0; round < 8; ++round) {   // a byte stays zero in eight draws once in 2^64
            std::vector<std::byte> bytes(size);
            random_bytes(bytes);
            for (std::size_t i = 0; i < size; ++i) seen[i] |= bytes[i];
        }
        ASSERT_EQ(std::ranges::count(seen, std::byte{0}), 0) << size;
    }
}

TEST(Random, AForkedChildDoesNotDrawWhatItsParentDraws) {
    random_array<8>();   // so that a block is there to inherit
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto drawn = random_array<24>();
        ::_exit(::write(ends[1], drawn.data(), drawn.size()) == 24 ? 0 : 1);
    }
    const auto mine = random_array<24>();
    Salt theirs{};
    ASSERT_EQ(::read(ends[0], theirs.data(), theirs.size()), 24);
    ::waitpid(child, nullptr, 0);
    ::close(ends[0]);
    ::close(ends[1]);
    EXPECT_NE(mine, theirs);
    EXPECT_NE(theirs, Salt{});
}

}   // namespace
}   // namespace ward::crypto
