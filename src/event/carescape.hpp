// SPDX-License-Identifier: Apache-2.0
// What a node of GE's monitoring network broadcasts about itself.
#pragma once

#include <string>
#include <string_view>

#include "event/event.hpp"

namespace ward::event {

/// Told when a flow begins, and whenever its location changes: the broadcasts repeat all day.
struct Carescape {
    static constexpr std::string_view event_type = "carescape";

    std::string_view message;   // time or discovery
    std::string unit;
    std::string bed;
    IpAddress node;   // that a time message names

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("message", message);
        visit("unit", unit);
        visit("bed", bed);
        visit("node", node);
    }
};

}   // namespace ward::event
