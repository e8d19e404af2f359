// SPDX-License-Identifier: Apache-2.0
// The file of what watch knows: docs/formats/watch-state.md.
#pragma once

#include <filesystem>

#include "history/history.hpp"
#include "watch/watch.hpp"

namespace ward::watch {

/// Up to which of its events each publisher's were looked at.
using Looked = history::Known;

/// The file is the old one or the new one, whole, also after a power cut.
Result<> keep_state(const std::filesystem::path& file, Watch& watch, const Looked& looked);

/// For a watch that has taken nothing yet. Who begins anew is logged. Errc::not_found without a file;
/// Errc::corrupt: then `watch` is of no use.
Result<Looked> recall_state(const std::filesystem::path& file, Watch& watch);

}   // namespace ward::watch
