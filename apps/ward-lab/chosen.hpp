// SPDX-License-Identifier: Apache-2.0
// What the command line chooses: a scenario, and the days that it is to have.
#pragma once

#include <string>

#include "apps/ward-lab/commands.hpp"
#include "lab/days.hpp"

namespace ward::lab {

/// What is in a file. Errc::not_found if it cannot be read, Errc::malformed if there is nothing in it.
Result<std::string> text_of(const std::string& file);

Result<DaysWish> days_of(const CommandOptions& options);

}   // namespace ward::lab
