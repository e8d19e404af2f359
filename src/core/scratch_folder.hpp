// SPDX-License-Identifier: Apache-2.0
// For tests and benches only.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/assert.hpp"

namespace ward {

/// A new, empty folder, removed with all that is in it. Under `above`, or else under $TMPDIR.
class ScratchFolder {
public:
    explicit ScratchFolder(const std::filesystem::path& above = std::filesystem::temp_directory_path()) {
        std::string name = above / "ward-XXXXXX";
        WARD_ASSERT(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

}   // namespace ward
