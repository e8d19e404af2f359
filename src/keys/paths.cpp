// SPDX-License-Identifier: Apache-2.0
#include "keys/paths.hpp"

namespace ward::keys {

Result<> make_private_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error) return fail(Errc::unavailable, "cannot make " + folder.string() + ": " + error.message());
    return {};
}

}   // namespace ward::keys
