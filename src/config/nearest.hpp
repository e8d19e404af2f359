// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ward::config {

/// How many letters must be added, removed or changed to turn one into the other.
std::size_t edit_distance(std::string_view from, std::string_view into);

/// The known key that was most likely meant by one of the form `section.key`, whose section may be wrong or
/// forgotten.
std::string_view nearest(std::string_view unknown, const std::vector<std::string>& known);

}   // namespace ward::config
