// SPDX-License-Identifier: Apache-2.0
// The file of what watch knows: docs/formats/watch-state.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "watch/watch.hpp"

namespace ward::watch {

/// Up to which of its events each publisher's were looked at.
using Looked = std::map<std::string, std::uint64_t, std::less<>>;

/// The file is the old one or the new one, whole, also after a power cut.
Result<> keep_state(const std::filesystem::path& file, Watch& watch, const Looked& looked);

/// For a watch that has taken nothing yet. Without a file nothing is known. Who begins anew is logged.
/// Errc::corrupt: then `watch` is of no use.
Result<Looked> recall_state(const std::filesystem::path& file, Watch& watch);

}   // namespace ward::watch
