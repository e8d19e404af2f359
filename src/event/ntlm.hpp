// SPDX-License-Identifier: Apache-2.0
// What NTLMSSP tells of the two sides, in SMB, LDAP, HTTP, DCE/RPC and others.
#pragma once

#include <string>

#include "event/event.hpp"

namespace ward::event {

struct NtlmNames {
    std::string domain;       // of the user (AUTHENTICATE), or the target's (CHALLENGE): NetBIOS
    std::string host;         // NetBIOS: the workstation, or the server
    std::string dns_domain;   // of the server
    std::string dns_host;
    std::string dns_forest;
    std::string version;   // of Windows: 10.0.17763
    Pseudonym user;        // hashed: people log in by their names
    bool anonymous = false;

    bool empty() const noexcept {
        return domain.empty() && host.empty() && dns_domain.empty() && dns_host.empty() &&
               dns_forest.empty() && version.empty() && user.empty() && !anonymous;
    }
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("domain", domain);
        visit("host", host);
        visit("dns_domain", dns_domain);
        visit("dns_host", dns_host);
        visit("dns_forest", dns_forest);
        visit("version", version);
        visit("user", user);
        if (anonymous) visit("anonymous", anonymous);
    }
};

}   // namespace ward::event
