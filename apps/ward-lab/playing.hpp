// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apps/ward-lab/commands.hpp"
#include "core/result.hpp"

namespace ward::lab {

/// `ward lab play`. Says what was sent; returns what the program ends with, as docs/formats/lab.md has it.
Result<int> play(const CommandOptions& options);

}   // namespace ward::lab
