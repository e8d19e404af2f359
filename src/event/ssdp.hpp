// SPDX-License-Identifier: Apache-2.0
// A message by which UPnP devices find each other (UPnP Device Architecture 2.0, 1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event/event.hpp"

namespace ward::event {

struct Ssdp {
    static constexpr std::string_view event_type = "ssdp";

    std::string_view method;   // NOTIFY or M-SEARCH; empty: an answer to a search
    std::optional<std::uint16_t> status;
    std::string nts;      // ssdp:alive, ssdp:byebye
    std::string target;   // NT or ST
    std::string usn;
    std::string server;
    std::string user_agent;
    std::string location;   // without its query

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("method", method);
        visit("status", status);
        visit("nts", nts);
        visit("target", target);
        visit("usn", usn);
        visit("server", server);
        visit("user_agent", user_agent);
        visit("location", location);
    }
};

}   // namespace ward::event
