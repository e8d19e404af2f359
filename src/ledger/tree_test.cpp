// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree.hpp"

#include <bit>

#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "ledger/edge.hpp"

namespace ward::ledger {
namespace {

// RFC 6962, sections 2.1 to 2.1.2, word for word: slow, and easy to compare with the text.
using Leaves = std::span<const Digest>;

std::size_t split(Leaves d) { return std::bit_ceil(d.size()) / 2; }

Digest mth(Leaves d) {
    if (d.empty()) return crypto::sha256({});
    if (d.size() == 1) return d.front();
    const auto k = split(d);
    return node_hash(mth(d.first(k)), mth(d.subspan(k)));
}

std::vector<Digest> path(std::size_t m, Leaves d) {
    if (d.size() == 1) return {};
    const auto k = split(d);
    auto proof = m < k ? path(m, d.first(k)) : path(m - k, d.subspan(k));
    proof.push_back(m < k ? mth(d.subspan(k)) : mth(d.first(k)));
    return proof;
}

std::vector<Digest> subproof(std::size_t m, Leaves d, bool known) {
    if (m == d.size()) return known ? std::vector<Digest>{} : std::vector{mth(d)};
    const auto k = split(d);
    auto proof = m <= k ? subproof(m, d.first(k), known) : subproof(m - k, d.subspan(k), false);
    proof.push_back(m <= k ? mth(d.subspan(k)) : mth(d.first(k)));
    return proof;
}

std::vector<Digest> make_leaves(std::size_t count) {
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(as_bytes(std::to_string(i))));
    return leaves;
}

SubtreeHash hashes_of(const std::vector<Digest>& leaves) {
    return [&leaves](unsigned height, std::uint64_t index) -> Result<Digest> {
        return subtree_root(Leaves{leaves}.subspan(index << height, std::size_t{1} << height));
    };
}

TEST(Tree, HashesLeavesAndNodesApart) {
    // RFC 6962, section 2.1: the prefixes give second preimage resistance.
    EXPECT_EQ(leaf_hash({}), crypto::sha256(Buffer{std::byte{0}}));
    const Digest zero{};
    Buffer node(65);
    node[0] = std::byte{1};
    EXPECT_EQ(node_hash(zero, zero), crypto::sha256(node));
    EXPECT_EQ(to_hex(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Tree, EverySizeHasTheRootOfTheDefinition) {
    const auto leaves = make_leaves(1'200);
    CompactRange range;
    Edge edge;
    for (std::size_t size = 0;; ++size) {
        const auto expected = mth(Leaves{leaves}.first(size));
        ASSERT_EQ(range.root(), expected) << "size " << size;
        ASSERT_EQ(edge.root(), expected) << "size " << size;
        ASSERT_EQ(root_at(size, hashes_of(leaves)).value(), expected) << "size " << size;
        if (size == leaves.size()) break;
        range.append(leaves[size]);
        edge.append(leaves[size], {});
    }
}

TEST(Tree, InclusionProofsAreThoseOfTheDefinition) {
    const auto leaves = make_leaves(70);
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        const auto tree = Leaves{leaves}.first(size);
        for (std::size_t index = 0; index < size; ++index) {
            const auto proof = inclusion_proof(index, size, hashes_of(leaves));
            ASSERT_EQ(proof.value(), path(index, tree)) << index << " of " << size;
            ASSERT_TRUE(check_inclusion(leaves[index], index, size, *proof, mth(tree)));
            ASSERT_FALSE(check_inclusion(leaves[index], index ^ 1, size, *proof, mth(tree)) && size > 1);
        }
    }
    EXPECT_EQ(inclusion_proof(70, 70, hashes_of(leaves)).error().code, Errc::not_found);
}

TEST(Tree, ConsistencyProofsAreThoseOfTheDefinition) {
    const auto leaves = make_leaves(70);
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        const auto tree = Leaves{leaves}.first(size);
        for (std::size_t old = 1; old <= size; ++old) {
            const auto proof = consistency_proof(old, size, hashes_of(leaves));
            ASSERT_EQ(proof.value(), subproof(old, tree, true)) << old << " to " << size;
            const TreeHead old_head{old, mth(tree.first(old))};
            ASSERT_TRUE(check_consistency(old_head, {size, mth(tree)}, *proof));
            ASSERT_FALSE(check_consistency({old, leaf_hash({})}, {size, mth(tree)}, *proof));
            ASSERT_FALSE(check_consistency(old_head, {size, leaf_hash({})}, *proof));
        }
    }
    EXPECT_EQ(consistency_proof(3, 2, hashes_of(leaves)).error().code, Errc::not_found);
}

TEST(Tree, AProofOfTheWrongLengthIsRefused) {
    const auto leaves = make_leaves(70);
    const auto root = mth(leaves);
    auto proof = inclusion_proof(5, 70, hashes_of(leaves)).value();
    proof.push_back(leaves[0]);
    EXPECT_FALSE(check_inclusion(leaves[5], 5, 70, proof, root));
    proof.resize(proof.size() - 2);
    EXPECT_FALSE(check_inclusion(leaves[5], 5, 70, proof, root));
    EXPECT_FALSE(check_inclusion(leaves[5], 5, 70, {}, root));
    EXPECT_FALSE(check_inclusion(leaves[5], 70, 70, proof, root));
}

TEST(Edge, CompletesATileAtEachLevel) {
    Edge edge;
    std::vector<Tile> completed;
    const auto leaf = leaf_hash({});
    for (std::uint64_t i = 0; i < tile_width * tile_width; ++i)
        edge.append(leaf, [&](const Tile& tile, const auto& hashes) {
            EXPECT_EQ(hashes.size(), tile_width);
            completed.push_back(tile);
        });
    ASSERT_EQ(completed.size(), tile_width + 1);
    EXPECT_EQ(completed[2], (Tile{.level = 0, .index = 2}));
    EXPECT_EQ(completed.back(), (Tile{.level = 1, .index = 0}));
    ASSERT_EQ(edge.levels().size(), 3U);
    EXPECT_EQ(edge.levels()[2].size(), 1U);
}

}   // namespace
}   // namespace ward::ledger
