// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "event/event.hpp"

namespace ward::protocol {

/// Version 1 of the Community ID specification (Corelight), with seed 0.
std::string community_id(const event::Conversation& between);

}   // namespace ward::protocol
