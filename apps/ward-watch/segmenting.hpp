// SPDX-License-Identifier: Apache-2.0
// Plans of zones, from the command line.
#pragma once

#include <string>

#include "apps/ward-watch/segment_commands.hpp"
#include "core/result.hpp"
#include "segment/borders.hpp"

namespace ward::watch {

/// The plan in that file, made to be asked.
Result<segment::Borders> load_plan(const std::string& file);

/// What the command line asks for.
Result<> work_on_segments(const SegmentOptions& options);

}   // namespace ward::watch
