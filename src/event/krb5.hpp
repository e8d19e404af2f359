// SPDX-License-Identifier: Apache-2.0
// A Kerberos request and its answer. Users are told by pseudonym, machines and services by name.
#pragma once

#include "event/event.hpp"

namespace ward::event {

struct Krb5 {
    static constexpr std::string_view event_type = "krb5";

    std::string_view request;    // KRB_AS_REQ …; empty where it was not seen
    std::string_view msg_type;   // of the answer
    std::string realm;
    std::string cname;   // of a machine or service
    Pseudonym user;      // otherwise
    std::string sname;
    std::vector<std::string> requested_encryption;
    std::string encryption;          // of the answer's encrypted part
    std::string ticket_encryption;   // of the ticket
    bool weak_encryption = false;    // DES or RC4 in what was issued
    bool weak_requested = false;     // only DES or RC4 was asked for
    std::optional<bool> preauthenticated;
    std::optional<std::int64_t> error_number;
    std::string_view error_code;
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("request", request);
        visit("msg_type", msg_type);
        visit("realm", realm);
        visit("cname", cname);
        visit("user", user);
        visit("sname", sname);
        visit("requested_encryption", requested_encryption);
        visit("encryption", encryption);
        visit("ticket_encryption", ticket_encryption);
        visit("weak_encryption", weak_encryption);
        if (weak_requested) visit("weak_requested", weak_requested);
        visit("preauthenticated", preauthenticated);
        visit("error_number", error_number);
        visit("error_code", error_code);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
