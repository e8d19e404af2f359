// SPDX-License-Identifier: Apache-2.0
// What a program gives up before it reads the first hostile byte. It cannot be taken back.
#pragma once

#include "core/result.hpp"

namespace ward::confine {

/// What ward-keys does from then on, and nothing else: its files, Unix sockets, memory, time, randomness. No
/// network, no new process or thread, no program, no look at others. Any other call fails with EPERM.
/// Errc::unavailable when the kernel has no filters.
Result<> allow_what_keeping_keys_needs();

}   // namespace ward::confine
