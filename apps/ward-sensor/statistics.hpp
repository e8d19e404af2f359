// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/replay.hpp"

namespace ward::sensor {

/// A table for people, on standard error.
void print(const ReplayCounts& counts);
/// What should not go unsaid where nobody asked for the table.
void print_what_was_not_read(const ReplayCounts& counts);

}   // namespace ward::sensor
