// SPDX-License-Identifier: Apache-2.0
// A command of FTP and its replies, without whose files they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Ftp {
    static constexpr std::string_view event_type = "ftp";

    std::string command;
    std::string user;               // anonymous ones only
    std::string extension;          // of the file: dcm
    std::string_view credentials;   // that a password crossed in clear
    std::string tls;                // the mechanism of AUTH
    std::vector<std::uint16_t> completion_code;
    std::string_view mode;                       // active or passive
    std::optional<std::uint16_t> dynamic_port;   // for data
    std::string server;                          // its greeting, with the first command
    std::optional<std::int64_t> latency_us;
    bool reply_received = false;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("command", command);
        visit("user", user);
        visit("extension", extension);
        visit("credentials", credentials);
        visit("tls", tls);
        visit("completion_code", completion_code);
        visit("mode", mode);
        visit("dynamic_port", dynamic_port);
        visit("server", server);
        visit("latency_us", latency_us);
        visit("reply_received", reply_received);
    }
};

}   // namespace ward::event
