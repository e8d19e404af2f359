// SPDX-License-Identifier: Apache-2.0
// That two hosts speak QUIC, and which one: all else is encrypted (RFC 9000).
#pragma once

#include <string>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Quic {
    static constexpr std::string_view event_type = "quic";

    std::string version;                  // 1, 2, draft-29, Q046, or eight hexadecimal digits
    std::vector<std::string> supported;   // what a server offered that did not like the version
    bool retry = false;                   // the server let the client prove its address
    bool answered = false;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("version", version);
        visit("supported", supported);
        visit("retry", retry);
        visit("answered", answered);
    }
};

}   // namespace ward::event
