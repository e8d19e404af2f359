// SPDX-License-Identifier: Apache-2.0
// What ward-sensor does, a function each, and what they share.
#pragma once

#include "apps/ward-sensor/commands.hpp"
#include "core/result.hpp"
#include "devices/makers.hpp"
#include "protocol/session.hpp"
#include "sensor/replay.hpp"

namespace ward::sensor {

// read.cpp
Result<> read(const CommandOptions& options);
Result<> tell_devices(const CommandOptions& options);

// listen.cpp
Result<> listen(const CommandOptions& options);

// main.cpp
void report(const Error& error);

// shared.cpp
Result<protocol::Pseudonymise> pseudonymiser(const CommandOptions& options);
Format format_of(const CommandOptions& options);
devices::Makers installed_makers();

}   // namespace ward::sensor
