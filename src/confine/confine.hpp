// SPDX-License-Identifier: Apache-2.0
// What a program gives up before it reads the first hostile byte. It cannot be taken back.
// Landlock holds for the calling thread and those that it starts: call these before there are others.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/result.hpp"

namespace ward::confine {

/// What ward-keys does from then on, and nothing else: its files, Unix sockets, memory, time, randomness. No
/// network, no new process or thread, no program, no look at others. Any other call fails with EPERM.
/// Errc::unavailable when the kernel has no filters.
Result<> allow_what_keeping_keys_needs();

/// What ward-vault, with its many threads and libraries, never does: starting programs, looking into other
/// processes or sending them signals, loading code into the kernel or making memory executable, mounting,
/// setting the clock, sockets of other families than Internet and Unix. Such a call fails with EPERM.
Result<> forbid_what_serving_never_needs();
/// The same, except that it may become another program.
Result<> forbid_all_but_becoming_another();

/// What ward-sensor does once its captures are open: reading them and its files, writing events, threads. It
/// opens no socket and sends on none: `captures` are the sockets it has, and writing to those is refused too.
/// Any other call fails with EPERM.
Result<> allow_what_sensing_needs(std::span<const int> captures);

/// Moves to a network namespace with nothing in it. Sockets that are open stay where they are.
Result<> leave_network();

Result<> drop_capabilities();

/// What is under these folders, or are these files, can be opened from then on; everything else cannot.
/// Files that are open already stay so, and connecting to a Unix socket is no opening.
struct Folders {
    std::vector<std::filesystem::path> read;
    std::vector<std::filesystem::path> read_write;
    std::vector<std::filesystem::path> start{};   // programs, and what loads them
};

/// Errc::unavailable when the kernel has no Landlock, Errc::not_found when one of the folders is missing.
Result<> allow_only_files_in(const Folders& folders);

enum class Role { keys, vault };

/// All that a program gives up. A kernel without Landlock is logged, and borne; any other failure is an
/// error.
Result<> confine(Role role, const Folders& folders);

/// The same for ward-sensor, which has no role of serving: the network is left, capabilities are dropped.
Result<> confine_sensor(std::span<const int> captures, const Folders& folders);

/// The same for what connects to the bus and reads and writes these folders.
Result<> confine_on_bus(const Folders& folders);

/// The same before this process becomes `program`, somebody else's, which serves.
Result<> confine_before(const std::filesystem::path& program, Folders folders);

/// The same for what reads these captures from files and standard input, and writes what is open already. Of
/// root's rights it keeps that of reading others' files.
Result<> confine_reader(std::vector<std::filesystem::path> captures);

}   // namespace ward::confine
