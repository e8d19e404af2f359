// SPDX-License-Identifier: Apache-2.0
// The beginning of a remote desktop (MS-RDPBCGR, section 1.3.1.1): what both sides agreed on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// What a client says of itself where nothing is encrypted yet.
struct RdpClient {
    std::string version;
    std::string client_name;
    std::uint32_t build = 0;
    std::uint32_t keyboard_layout = 0;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("version", version);
        visit("client_name", client_name);
        visit("build", build);
        visit("keyboard_layout", keyboard_layout);
    }
};

struct Rdp {
    static constexpr std::string_view event_type = "rdp";

    bool cookie = false;   // a user's name or a load balancer's token was sent; it is not kept
    std::vector<std::string_view> requested_protocols;
    std::string_view protocol;     // that the server chose
    std::string_view error_code;   // why the server refused
    std::optional<RdpClient> client;
    std::vector<std::string> channels;         // rdpdr shares the client's drives
    std::optional<std::uint32_t> encryption;   // of RDP itself: 0 is none
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("cookie", cookie);
        visit("requested_protocols", requested_protocols);
        visit("protocol", protocol);
        visit("error_code", error_code);
        visit("client", client);
        visit("channels", channels);
        visit("encryption", encryption);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
