// SPDX-License-Identifier: Apache-2.0
// Small files that must survive a power cut.
#pragma once

#include <filesystem>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace ward {

enum class Existing { replace, keep };   // keep: a file that is there already is Errc::conflict
enum class Readable { by_owner, by_all };

/// The file is there whole or not at all, also after a power cut. Errc::unavailable when the disk refuses.
Result<> write_durably(const std::filesystem::path& path, Bytes bytes, Readable readable, Existing existing);

/// That files were made, renamed or removed in `folder` is on the disk. Errc::unavailable.
Result<> sync_folder(const std::filesystem::path& folder);

}   // namespace ward
