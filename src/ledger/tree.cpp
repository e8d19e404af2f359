// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/assert.hpp"
#include "crypto/hash.hpp"

namespace ward::ledger {

Digest leaf_hash(Bytes entry) {
    constexpr std::array leaf_prefix{std::byte{0}};
    return crypto::Sha256{}.update(leaf_prefix).update(entry).finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
    std::array<std::byte, 1 + 32 + 32> message;
    message[0] = std::byte{1};
    std::ranges::copy(left, message.begin() + 1);
    std::ranges::copy(right, message.begin() + 33);
    return crypto::sha256(message);
}

Digest empty_root() { return crypto::sha256({}); }

Digest subtree_root(std::span<const Digest> hashes) {
    WARD_ASSERT(std::has_single_bit(hashes.size()));
    std::vector<Digest> row(hashes.begin(), hashes.end());
    for (auto width = row.size(); width > 1; width /= 2)
        for (std::size_t i = 0; i < width / 2; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
    return row.front();
}

CompactRange::CompactRange(std::uint64_t size, std::vector<Digest> subtrees)
    : size_(size), subtrees_(std::move(subtrees)) {
    WARD_ASSERT(static_cast<std::size_t>(std::popcount(size)) == subtrees_.size());
}

void CompactRange::append(const Digest& leaf) {
    Digest hash = leaf;
    // As in adding one to a binary number: each bit that is set carries.
    for (auto rest = size_; (rest & 1) != 0; rest >>= 1) {
        hash = node_hash(subtrees_.back(), hash);
        subtrees_.pop_back();
    }
    subtrees_.push_back(hash);
    ++size_;
}

Digest CompactRange::root() const {
    if (subtrees_.empty()) return empty_root();
    Digest root = subtrees_.back();
    for (auto next = subtrees_.rbegin() + 1; next != subtrees_.rend(); ++next) root = node_hash(*next, root);
    return root;
}

namespace {

/// MTH(D[begin:end]) of RFC 6962, section 2.1, where `begin` is where such a range may begin.
Result<Digest> range_hash(std::uint64_t begin, std::uint64_t end, const SubtreeHash& hash) {
    const auto count = end - begin;
    WARD_ASSERT(count > 0);
    if (std::has_single_bit(count)) {
        const auto height = static_cast<unsigned>(std::countr_zero(count));
        return hash(height, begin >> height);
    }
    const auto split = begin + std::bit_floor(count);   // k, the largest power of two below n
    const auto left = TRY(range_hash(begin, split, hash));
    return node_hash(left, TRY(range_hash(split, end, hash)));
}

}   // namespace

Result<Digest> root_at(std::uint64_t size, const SubtreeHash& hash) {
    if (size == 0) return empty_root();
    return range_hash(0, size, hash);
}

Result<std::vector<Digest>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                            const SubtreeHash& hash) {
    if (index >= size) return fail(Errc::not_found, "the tree has no such entry");
    std::vector<Digest> proof;   // from the root down; turned round at the end
    std::uint64_t begin = 0;
    for (auto end = size; end - begin > 1;) {
        const auto split = begin + std::bit_ceil(end - begin) / 2;
        const bool in_left = index < split;
        proof.push_back(TRY(in_left ? range_hash(split, end, hash) : range_hash(begin, split, hash)));
        (in_left ? end : begin) = split;
    }
    std::ranges::reverse(proof);
    return proof;
}

Result<std::vector<Digest>> consistency_proof(std::uint64_t old_size, std::uint64_t size,
                                              const SubtreeHash& hash) {
    if (old_size > size) return fail(Errc::not_found, "the tree is smaller than the earlier one");
    std::vector<Digest> proof;
    if (old_size == 0 || old_size == size) return proof;
    std::uint64_t begin = 0;
    auto end = size;
    while (old_size != end) {
        const auto split = begin + std::bit_ceil(end - begin) / 2;
        const bool in_left = old_size <= split;
        proof.push_back(TRY(in_left ? range_hash(split, end, hash) : range_hash(begin, split, hash)));
        (in_left ? end : begin) = split;
    }
    // The old tree itself is known to who asks; a part of it is not.
    if (begin != 0) proof.push_back(TRY(range_hash(begin, end, hash)));
    std::ranges::reverse(proof);
    return proof;
}

Result<> check_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                         std::span<const Digest> proof, const Digest& root) {
    if (index >= size) return fail(Errc::denied, "inclusion: the tree has no such entry");
    auto position = index;
    auto last = size - 1;
    Digest hash = leaf;
    for (const auto& sibling : proof) {
        if (last == 0) return fail(Errc::denied, "inclusion: the proof is too long");
        if ((position & 1) != 0 || position == last) {
            hash = node_hash(sibling, hash);
            // On the right border the next levels have no sibling until there is a left one.
            while ((position & 1) == 0 && position != 0) {
                position >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    if (last != 0) return fail(Errc::denied, "inclusion: the proof is too short");
    if (hash != root) return fail(Errc::denied, "inclusion: the proof leads to another root");
    return {};
}

namespace {

/// RFC 9162, section 2.1.4.2, for 0 < old size < size: the roots of both trees, rebuilt from the proof.
Result<std::pair<Digest, Digest>> rebuild_roots(const TreeHead& old_head, std::uint64_t size,
                                                std::span<const Digest> proof) {
    if (proof.empty()) return fail(Errc::denied, "consistency: the proof is empty");
    // A complete old tree is a node of the new one, and is left out of the proof.
    const bool old_is_complete = std::has_single_bit(old_head.size);
    auto position = old_head.size - 1;
    auto last = size - 1;
    while ((position & 1) != 0) {
        position >>= 1;
        last >>= 1;
    }
    Digest old_root = old_is_complete ? old_head.root : proof.front();
    Digest root = old_root;
    for (const auto& node : proof.subspan(old_is_complete ? 0 : 1)) {
        if (last == 0) return fail(Errc::denied, "consistency: the proof is too long");
        if ((position & 1) != 0 || position == last) {
            old_root = node_hash(node, old_root);
            root = node_hash(node, root);
            while ((position & 1) == 0 && position != 0) {
                position >>= 1;
                last >>= 1;
            }
        } else {
            root = node_hash(root, node);
        }
        position >>= 1;
        last >>= 1;
    }
    if (last != 0) return fail(Errc::denied, "consistency: the proof is too short");
    return std::pair{old_root, root};
}

}   // namespace

Result<> check_consistency(const TreeHead& old_head, const TreeHead& head, std::span<const Digest> proof) {
    if (old_head.size > head.size) return fail(Errc::denied, "consistency: the tree has become smaller");
    if (old_head.size == 0) return fail(Errc::denied, "consistency: an empty tree proves nothing");
    if (old_head.size == head.size) {
        if (!proof.empty()) return fail(Errc::denied, "consistency: the proof is too long");
        if (old_head.root != head.root)
            return fail(Errc::denied, "consistency: two trees of one size have different roots");
        return {};
    }
    const auto [old_root, root] = TRY(rebuild_roots(old_head, head.size, proof));
    if (old_root != old_head.root)
        return fail(Errc::denied, "consistency: the proof leads to another old root");
    if (root != head.root) return fail(Errc::denied, "consistency: the proof leads to another root");
    return {};
}

}   // namespace ward::ledger
