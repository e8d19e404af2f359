// SPDX-License-Identifier: Apache-2.0
// The store of events, from the command line.
#pragma once

#include "apps/ward-watch/commands.hpp"
#include "confine/confine.hpp"
#include "core/result.hpp"
#include "event/fields.hpp"

namespace ward::watch {

/// Other files than these cannot be opened from then on.
Result<> confine_to(const confine::Folders& folders);
/// Nothing of no text. `option` is what an error calls it.
Result<std::optional<event::Time>> moment(const std::string& text, const char* option);

Result<> store_events(const CommandOptions& options);
Result<> forget_events(const CommandOptions& options);
/// Errc::corrupt where not all could be read: what is there was written.
Result<> write_events(const EventsOptions& options);

}   // namespace ward::watch
