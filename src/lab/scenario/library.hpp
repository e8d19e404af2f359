// SPDX-License-Identifier: Apache-2.0
// The files of src/lab/scenarios, which are in the program.
#pragma once

#include <span>
#include <string_view>

namespace ward::lab {

struct LibraryEntry {
    std::string_view name;
    std::string_view text;
};

/// In the order of their names.
std::span<const LibraryEntry> scenario_library();

}   // namespace ward::lab
