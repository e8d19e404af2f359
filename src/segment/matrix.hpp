// SPDX-License-Identifier: Apache-2.0
// A plan as a table: who speaks down the side, to whom across the top.
#pragma once

#include <string>

#include "segment/borders.hpp"

namespace ward::segment {

/// Markdown, after a list of what each zone is.
std::string matrix_markdown(const Borders& borders);
/// RFC 4180; zones by name alone.
std::string matrix_csv(const Borders& borders);

}   // namespace ward::segment
