// SPDX-License-Identifier: Apache-2.0
// What is asked of the directory: about oneself at a sign-in, about everybody by systems that copy it.
#pragma once

#include "lab/frames/office/ldap.hpp"
#include "lab/frames/office/tickets.hpp"

namespace ward::lab {

/// Borrows the wires and the tickets.
class Directory {
public:
    Directory(Wires& wires, Tickets& tickets)
        : wires_(wires), tickets_(tickets), random_(wires.story().dice("directory")) {}

    /// Puts the copies on the agenda. Must stay where it is from then on.
    void begin();
    /// Returns when it is done.
    Moment look_up(const Account& account, StaffId who, Moment at);
    /// All of a part, as programs list it that take stock: with all attributes, a page at a time.
    Moment survey(const Account& account, const DirectorySurveyed& survey, Moment at);

private:
    class Talk;

    void copy_again(DeviceId system);
    Moment copy_all(const Account& account, Moment at);
    LdapEntry entry_of(StaffId who) const;
    std::vector<LdapEntry> entries_of(DirectoryPart part, int site) const;
    Moment read_pages(Talk& talk, LdapSearch search, const std::vector<LdapEntry>& entries, Moment at);
    std::string root() const;   // DC=ashmere,DC=example

    Wires& wires_;
    Tickets& tickets_;
    Dice random_;
};

}   // namespace ward::lab
