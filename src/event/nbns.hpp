// SPDX-License-Identifier: Apache-2.0
// A message of the NetBIOS name service (RFC 1002, section 4.2), which names Windows machines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Nbns {
    static constexpr std::string_view event_type = "nbns";

    std::uint16_t id = 0;
    std::string_view operation;   // query, registration, release, …
    std::string rrname;           // WARD10-PC<20>: the number tells the service
    std::string_view rrtype;      // NB or NBSTAT
    std::string rcode;            // empty: nobody answered
    bool question_seen = true;
    std::vector<std::string> addresses;
    std::vector<std::string> names;   // that a machine lists of itself
    MacAddress unit;                  // the machine's own, of NBSTAT
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("id", id);
        visit("operation", operation);
        visit("rrname", rrname);
        visit("rrtype", rrtype);
        visit("rcode", rcode);
        visit("question_seen", question_seen);
        visit("addresses", addresses);
        visit("names", names);
        visit("unit", unit);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
