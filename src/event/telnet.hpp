// SPDX-License-Identifier: Apache-2.0
// A terminal in the clear (RFC 854): who greets, and whether a password was asked for. Nothing of what was
// typed or shown after the greeting.
#pragma once

#include <string>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Telnet {
    static constexpr std::string_view event_type = "telnet";

    std::string banner;                 // of the server, before the client said anything
    std::vector<std::string> options;   // that either side wanted or offered
    bool login_prompt = false;
    bool password_prompt = false;   // the answer crosses in clear

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("banner", banner);
        visit("options", options);
        visit("login_prompt", login_prompt);
        visit("password_prompt", password_prompt);
    }
};

}   // namespace ward::event
