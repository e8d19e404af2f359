// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/settings.hpp"
#include "core/result.hpp"
#include "notify/destination.hpp"
#include "notify/sites.hpp"

namespace ward::notify {

struct CommandOptions;

/// Until a signal says that it ends.
Result<> run(const config::Config& config, const Channels& channels, Sites sites,
             const CommandOptions& options);

/// Sends a test message to those that are chosen and prints what happened. Errc::unavailable if one of them
/// did not arrive.
Result<> try_out(const Channels& channels, const CommandOptions& options);

/// Prints what is in the outbox.
Result<> tell_status(const config::Config& config);

}   // namespace ward::notify
