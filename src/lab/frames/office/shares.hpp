// SPDX-License-Identifier: Apache-2.0
// What people and machines do with files on servers: look into folders, read, save.
#pragma once

#include "lab/frames/office/smb.hpp"
#include "lab/frames/office/tickets.hpp"

namespace ward::lab {

/// Borrows the wires and the tickets.
class Shares {
public:
    Shares(Wires& wires, Tickets& tickets)
        : wires_(wires), tickets_(tickets), random_(wires.story().random().stream("shares")) {}

    /// Each returns when it is done, but for the end of the connection.
    Moment work(const Account& account, const Department& department, Moment at);
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

    SmbFile any_file(std::string_view folder, Moment at);
    Buffer content_of(const SmbFile& file);

    Wires& wires_;
    Tickets& tickets_;
    Random random_;
};

}   // namespace ward::lab
