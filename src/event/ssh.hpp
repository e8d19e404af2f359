// SPDX-License-Identifier: Apache-2.0
// How both sides of an SSH connection introduced themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event/event.hpp"

namespace ward::event {

/// HASSH: the algorithms that a side offers, and their MD5.
struct Hassh {
    std::string hash;
    std::string string;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("hash", hash);
        visit("string", string);
    }
};

struct SshSide {
    std::string proto_version;
    std::string software_version;
    std::string host_keys;   // algorithms, of KEXINIT
    std::optional<Hassh> hassh;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("proto_version", proto_version);
        visit("software_version", software_version);
        visit("host_keys", host_keys);
        visit("hassh", hassh);
    }
};

struct Ssh {
    static constexpr std::string_view event_type = "ssh";

    SshSide client;
    SshSide server;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("client", client);
        visit("server", server);
    }
};

}   // namespace ward::event
