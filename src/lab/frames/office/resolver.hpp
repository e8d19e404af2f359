// SPDX-License-Identifier: Apache-2.0
// Names looked up at the domain controller, which asks a resolver outside for what it does not know.
#pragma once

#include "lab/frames/office/dns.hpp"
#include "lab/frames/office/wires.hpp"

namespace ward::lab {

/// Borrows the wires.
class Resolver {
public:
    explicit Resolver(Wires& wires, std::string_view dice = "resolver")
        : wires_(wires), random_(wires.story().dice(dice)) {}

    /// Each returns when the client knows. A name that it knows from before is not asked for.
    Moment find(const Device& client, const Device& wanted, Moment at);
    Moment find_outside(const Device& client, const std::string& name, Moment at);
    /// RFC 2782: where a service of the domain is: "_ldap._tcp.dc._msdcs"
    Moment find_server_of(const Device& client, std::string_view service, std::uint16_t port, Moment at);
    Moment find_name_of(const Device& client, const Device& other, Moment at);
    /// What nobody has: a printer that is gone, a discovery that nobody set up.
    Moment miss(const Device& client, Moment at);

private:
    Moment ask(const Device& client, DnsMessage message, std::uint16_t answer_flags,
               std::vector<DnsRecord> answers, Moment at);
    void forward(const Device& server, DnsMessage question, const DnsMessage& answer, Moment at);

    Wires& wires_;
    Dice random_;
};

}   // namespace ward::lab
