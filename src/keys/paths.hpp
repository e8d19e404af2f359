// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/result.hpp"

namespace ward::keys {

/// Where in a data directory ward-keys keeps what is its own. The vault may look into folder(), and write
/// nowhere here.
struct KeyPaths {
    std::filesystem::path root;

    std::filesystem::path key_file() const { return root / "ward.key"; }
    std::filesystem::path folder() const { return root / "keys"; }
    std::filesystem::path store() const { return folder() / "keys.db"; }
    std::filesystem::path socket() const { return root / "run" / "keys.sock"; }
};

/// With what is missing above it; for its owner only, also if it was there before.
Result<> make_private_folder(const std::filesystem::path& folder);

}   // namespace ward::keys
