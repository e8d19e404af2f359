// SPDX-License-Identifier: Apache-2.0
// What people and machines do with files on servers: look into folders, read, save.
#pragma once

#include <map>
#include <memory>
#include <tuple>

#include "lab/frames/office/smb.hpp"
#include "lab/frames/office/tickets.hpp"

namespace ward::lab {

/// Borrows the wires and the tickets.
class Shares {
public:
    Shares(Wires& wires, Tickets& tickets)
        : wires_(wires), tickets_(tickets), random_(wires.story().dice("shares")) {}
    Shares(const Shares&) = delete;
    Shares& operator=(const Shares&) = delete;

    /// Puts on the agenda that idle connections are closed. Must stay where it is from then on.
    void begin();
    /// What the file server's audit tells of. Nothing of what is done on the server itself.
    void touch(const FileTouched& touched, Moment at);

    /// Each returns when it is done, but for the end of the connection.
    Moment look_around(const Account& account, const Department& department, Moment at);
    Moment read_policies(const Account& account, Moment at);
    /// A program is laid on a machine's share, and started there as a service.
    struct Program {
        std::string share;   // ADMIN$ or C$
        std::string file;
        std::size_t bytes = 0;
    };
    Moment start_program(const Account& account, const Device& machine, const Program& program, Moment at);

private:
    class Talk;
    struct Kept {
        std::shared_ptr<Talk> talk{};
        Moment until{};
    };
    /// Who has a connection to which share, for which step of the scenario.
    using Key = std::tuple<std::string, DeviceId, std::string, std::uint32_t>;

    void close_idle();
    SmbFile any_file(std::string_view folder, Moment at);
    Buffer content_of(const SmbFile& file);

    Wires& wires_;
    Tickets& tickets_;
    Dice random_;
    std::map<Key, Kept> kept_{};
};

}   // namespace ward::lab
