// SPDX-License-Identifier: Apache-2.0
// How a flow found its way through address translation (RFC 8489).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// Told once for a flow: ICE repeats its questions for as long as a call lasts.
struct Stun {
    static constexpr std::string_view event_type = "stun";

    std::vector<std::string> methods;   // binding, allocate, …
    std::string software;               // of who began
    std::string server_software;
    std::string realm;
    std::uint32_t requests = 0;
    std::uint32_t indications = 0;
    std::uint32_t successes = 0;
    std::uint32_t errors = 0;
    std::optional<std::uint16_t> error_code;   // the last one
    bool credentials = false;                  // a user name was sent

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("methods", methods);
        visit("software", software);
        visit("server_software", server_software);
        visit("realm", realm);
        visit("requests", requests);
        visit("indications", indications);
        visit("successes", successes);
        visit("errors", errors);
        visit("error_code", error_code);
        visit("credentials", credentials);
    }
};

}   // namespace ward::event
