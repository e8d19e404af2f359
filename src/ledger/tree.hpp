// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of RFC 6962, section 2.1, with SHA-256.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace ward::ledger {

Digest leaf_hash(Bytes entry);
Digest node_hash(const Digest& left, const Digest& right);

/// The root of a tree without entries.
Digest empty_root();

/// The root of the complete subtree over these hashes, whose number is a power of two.
Digest subtree_root(std::span<const Digest> hashes);

/// What it takes to add to a tree and to know its root: the roots of its complete subtrees, largest first.
class CompactRange {
public:
    CompactRange() = default;

    /// The subtrees of a tree of `size` entries, one for each bit that is set.
    CompactRange(std::uint64_t size, std::vector<Digest> subtrees);

    void append(const Digest& leaf);
    std::uint64_t size() const noexcept { return size_; }
    Digest root() const;

private:
    std::uint64_t size_ = 0;
    std::vector<Digest> subtrees_;
};

/// Where hashes of a tree come from: the root of the complete subtree over the entries
/// [index << height, (index + 1) << height).
using SubtreeHash = std::function<Result<Digest>(unsigned height, std::uint64_t index)>;

/// The root of the first `size` entries.
Result<Digest> root_at(std::uint64_t size, const SubtreeHash& hash);

/// RFC 6962, section 2.1.1: what proves that entry `index` is in the tree of `size` entries.
Result<std::vector<Digest>> inclusion_proof(std::uint64_t index, std::uint64_t size, const SubtreeHash& hash);

/// RFC 6962, section 2.1.2: what proves that the first tree is a prefix of the second.
Result<std::vector<Digest>> consistency_proof(std::uint64_t old_size, std::uint64_t size,
                                              const SubtreeHash& hash);

/// RFC 9162, section 2.1.3.2. Errc::denied when the proof does not hold.
Result<> check_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                         std::span<const Digest> proof, const Digest& root);

struct TreeHead {
    std::uint64_t size = 0;
    Digest root = empty_root();
    bool operator==(const TreeHead&) const = default;
};

/// RFC 9162, section 2.1.4.2. Errc::denied when the proof does not hold. A tree is consistent with itself, by
/// an empty proof. An empty old tree is refused, as it would prove nothing about the new one.
Result<> check_consistency(const TreeHead& old_head, const TreeHead& head, std::span<const Digest> proof);

}   // namespace ward::ledger
