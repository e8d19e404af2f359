// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/replay.hpp"

namespace ward::sensor {

/// A table for people, on standard error.
void print(const ReplayCounts& counts);

}   // namespace ward::sensor
