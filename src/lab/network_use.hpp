// SPDX-License-Identifier: Apache-2.0
// What is done over the network of which no other feed tells, in the words of the story; frames/deeds/ says
// how each looks on the wire.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lab/device_use.hpp"
#include "lab/edge/outsiders.hpp"

namespace ward::lab {

/// A site outside, over TLS: so many bytes there and back.
struct SiteCalled {
    std::string host;
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
};

/// One try to connect, to an address where somebody may be.
struct PortTried {
    Address target = 0;
    std::uint16_t port = 0;
    enum class Answer : std::uint8_t { open, refused, none } answer{};
};

/// A ticket for a service: {"MSSQLSvc", "ehr0001.ashmere.example:1433"}
struct TicketAsked {
    std::vector<std::string> service;
    bool is_old = false;   // in RC4, as accounts have it that never got newer keys
};

/// All of one kind that is in the directory.
enum class DirectoryPart : std::uint8_t { people, computers, units, subnets, groups, trusts };
struct DirectorySurveyed {
    DirectoryPart part{};
    int page = 1'000;   // entries at a time
};

/// A program is laid on an administrative share of a machine, and started there as a service.
struct ProgramStarted {
    DeviceId on{};
    std::string share;
    std::string file;
    std::uint64_t bytes = 0;
};

/// A machine's desk, from afar.
struct DeskTaken {
    DeviceId on{};
    int steps = 1;   // of keys, and of pictures
};

/// SMB 1: files of an old machine, a scanner's questions to it, or what a worm makes of it.
struct OldSmbSpoken {
    DeviceId with{};
    enum class What : std::uint8_t { work, questions, overrun, failure } what{};
};

/// A laptop comes in by the hospital's remote access, from an address outside, and has another one inside
/// until it is closed.
struct TunnelChanged {
    enum class What : std::uint8_t { opened, closed } what{};
    Address from = 0;
};

/// A partner's system calls the machine, and shows its certificate.
struct PartnerCalled {
    PartnerId partner{};
    Address from = 0;
    int messages = 1;
    std::uint64_t sent = 0;   // by the partner, in all
    std::uint64_t received = 0;
};

enum class RemoteWay : std::uint8_t { web, desktop, shell };

/// Somebody of a vendor comes in by the machine, the site's vendor gateway.
struct VendorCame {
    VendorId vendor{};
    Address from = 0;
    RemoteWay way{};
    double seconds = 0;
};

/// Work on another machine.
struct MachineWorkedOn {
    DeviceId target{};
    RemoteWay way{};
    double seconds = 0;
    std::string login{};   // as which
};

using NetworkUse =
    std::variant<SiteCalled, PortTried, TicketAsked, DirectorySurveyed, ProgramStarted, DeskTaken,
                 OldSmbSpoken, DeviceUse, TunnelChanged, PartnerCalled, VendorCame, MachineWorkedOn>;

struct NetworkUsed {
    DeviceId from{};
    std::string account;   // a login, or a program's account; empty: the machine, or nobody who says so
    NetworkUse use;
};

}   // namespace ward::lab
