// SPDX-License-Identifier: Apache-2.0
// A Unix socket at which another program of this machine tells lines.
#pragma once

#include <filesystem>
#include <list>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/unique_fd.hpp"

namespace ward::follow {

enum class DoorKind : std::uint8_t { stream, datagram };

struct DoorLimits {
    std::size_t guests_max = 16;         // connections at a time; others wait
    std::size_t lines_bytes = 4 << 20;   // of one turn
    std::size_t read_bytes = 8 << 20;    // of one turn and guest
};

/// Suricata's `filetype: unix_stream` and `unix_dgram`. A datagram is a line, or several.
class Doorway {
public:
    /// Whoever may write into the socket's folder can replace it; its group may write to it. A socket that a
    /// killed one left is replaced; Errc::conflict where somebody listens, or that is no socket.
    static Result<Doorway> open(std::filesystem::path path, DoorKind kind, DoorLimits limits = {});
    Doorway(Doorway&&) noexcept = default;
    Doorway& operator=(Doorway&&) = delete;
    ~Doorway();

    struct Heard {
        std::string lines{};   // whole ones, with their ends
        std::uint64_t too_long = 0;
    };
    /// What came since, without waiting. What was not asked for waits in the socket, and then with who tells
    /// it.
    Heard listen();
    /// What poll() can wait for.
    void add_to(std::vector<int>& waited_for) const;

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    struct Guest {
        UniqueFd socket;
        std::string begun{};   // a line without its end
        bool is_within_long_line = false;
    };
    Doorway(std::filesystem::path path, DoorKind kind, DoorLimits limits, UniqueFd socket)
        : path_(std::move(path)), kind_(kind), limits_(limits), socket_(std::move(socket)) {}
    void let_in();
    static void take(Guest& guest, std::string_view text, Heard& heard);
    bool hear(Guest& guest, Heard& heard) const;

    std::filesystem::path path_;
    DoorKind kind_;
    DoorLimits limits_;
    UniqueFd socket_;
    std::list<Guest> guests_;   // of datagrams one, which is nobody
};

}   // namespace ward::follow
