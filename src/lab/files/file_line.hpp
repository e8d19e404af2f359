// SPDX-License-Identifier: Apache-2.0
// What the file server's audit says of a file that was used: a JSON object in a line.
#pragma once

#include <string>

#include "lab/story.hpp"

namespace ward::lab {

std::string file_line(const Act& act, const FileTouched& touched, const Story& story);

std::string_view name_of(FileTouched::Action action);

}   // namespace ward::lab
