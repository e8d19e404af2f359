// SPDX-License-Identifier: Apache-2.0
// The store of events, from the command line.
#pragma once

#include "apps/ward-watch/commands.hpp"
#include "core/result.hpp"

namespace ward::watch {

Result<> store_events(const CommandOptions& options);
Result<> forget_events(const CommandOptions& options);
/// Errc::corrupt where not all could be read: what is there was written.
Result<> write_events(const EventsOptions& options);

}   // namespace ward::watch
