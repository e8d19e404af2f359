// SPDX-License-Identifier: Apache-2.0
// A remote screen (RFC 6143): how it is protected. Nothing of what it shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// EVE calls it rfb.
struct Vnc {
    static constexpr std::string_view event_type = "rfb";

    std::string server_version;
    std::string client_version;
    std::vector<std::string> security_types;   // that the server offers
    std::string security_type;                 // that the client chose
    std::optional<bool> authenticated;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("server_version", server_version);
        visit("client_version", client_version);
        visit("security_types", security_types);
        visit("security_type", security_type);
        visit("authenticated", authenticated);
    }
};

}   // namespace ward::event
