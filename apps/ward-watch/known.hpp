// SPDX-License-Identifier: Apache-2.0
// Which devices and people the events that are kept tell of, from the command line.
#pragma once

#include "apps/ward-watch/commands.hpp"
#include "core/result.hpp"

namespace ward::watch {

/// Writes those that match: a table, or JSON.
Result<> write_devices(const EventsOptions& options);
Result<> write_people(const EventsOptions& options);

}   // namespace ward::watch
