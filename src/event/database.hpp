// SPDX-License-Identifier: Apache-2.0
// How a client and a database met. No statement and no row of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event/event.hpp"

namespace ward::event {

/// EVE calls it pgsql.
struct Postgres {
    static constexpr std::string_view event_type = "pgsql";

    std::string protocol_version;
    std::string database;
    std::string application;
    Pseudonym user;
    std::string_view authentication;   // that the server asked for
    std::optional<bool> authenticated;
    std::string error_code;   // SQLSTATE
    std::string server_version;
    bool tls_requested = false;
    bool tls = false;   // begins here

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("protocol_version", protocol_version);
        visit("database", database);
        visit("application", application);
        visit("user", user);
        visit("authentication", authentication);
        visit("authenticated", authenticated);
        visit("error_code", error_code);
        visit("server_version", server_version);
        visit("tls_requested", tls_requested);
        visit("tls", tls);
    }
};

struct Mysql {
    static constexpr std::string_view event_type = "mysql";

    std::string server_version;
    std::string auth_plugin;
    std::string database;
    Pseudonym user;
    bool tls_offered = false;
    bool tls = false;   // begins here
    std::optional<bool> authenticated;
    std::optional<std::uint16_t> error_code;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("server_version", server_version);
        visit("auth_plugin", auth_plugin);
        visit("database", database);
        visit("user", user);
        visit("tls_offered", tls_offered);
        visit("tls", tls);
        visit("authenticated", authenticated);
        visit("error_code", error_code);
    }
};

}   // namespace ward::event
