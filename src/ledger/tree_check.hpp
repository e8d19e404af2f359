// SPDX-License-Identifier: Apache-2.0
// Private to verification: rebuilds a tree from the entry bundles and compares every tile on the way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/tile.hpp"
#include "ledger/tree.hpp"

namespace ward::ledger {

/// A tile's or bundle's bytes: those of the file of this width, or the beginning of the full one's. An error
/// names the file.
struct TileBytes {
    std::string path;
    Buffer bytes;
};
Result<TileBytes> load_tile(const std::filesystem::path& folder, const Tile& tile);

/// The entries of a bundle, borrowed.
Result<std::vector<Bytes>> entries_of(const TileBytes& bundle, std::uint64_t width);

class TreeCheck {
public:
    TreeCheck(std::filesystem::path folder, const TreeHead& head) : folder_(std::move(folder)), head_(head) {}

    /// Errc::corrupt, naming the first file that is wrong and the entry. `progress` is told how many entries
    /// are done.
    Result<> run(const std::function<void(std::uint64_t done)>& progress);

private:
    Result<std::vector<Digest>> hash_bundle(std::uint64_t index) const;
    Result<> compare(const Tile& tile, const std::vector<Digest>& hashes);
    Result<> finish(const Tile& tile, const std::vector<Digest>& hashes);
    Result<> finish_edge();
    Result<> blame(const Digest& root) const;

    /// The first tile that is not what the bundles make it.
    struct Wrong {
        std::string what;
        std::optional<std::uint64_t> entry;   // when it is at level 0
    };

    std::filesystem::path folder_;
    TreeHead head_;
    std::optional<Wrong> wrong_;
    std::vector<std::vector<Digest>> rows_;   // of each level, the hashes of the tile that is being filled
};

}   // namespace ward::ledger
