// SPDX-License-Identifier: Apache-2.0
// A request of network management (RFC 3416) and its response. Communities and users stay out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Snmp {
    static constexpr std::string_view event_type = "snmp";

    std::uint8_t version = 0;
    std::string_view pdu_type;
    std::string_view credentials;    // community, user, or nothing
    bool encrypted = false;          // version 3 with privacy: only the header was read
    std::vector<std::string> vars;   // the first object identifiers
    std::uint32_t var_count = 0;
    std::optional<std::uint32_t> error_status;   // of the response
    std::string sys_descr;                       // what a device says of itself
    std::string sys_object_id;
    std::string sys_name;
    std::string engine_id;   // of version 3, hexadecimal: it holds the maker's number
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("version", version);
        visit("pdu_type", pdu_type);
        visit("credentials", credentials);
        visit("encrypted", encrypted);
        visit("vars", vars);
        visit("var_count", var_count);
        visit("error_status", error_status);
        visit("sys_descr", sys_descr);
        visit("sys_object_id", sys_object_id);
        visit("sys_name", sys_name);
        visit("engine_id", engine_id);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
