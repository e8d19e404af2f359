// SPDX-License-Identifier: Apache-2.0
// What a device says of itself to its link by multicast DNS (RFC 6762) and service discovery (RFC 6763).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct MdnsQuestion {
    std::string rrname;
    std::string rrtype;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("rrname", rrname);
        visit("rrtype", rrtype);
    }
};

/// One service instance: what its SRV and TXT records say.
struct MdnsInstance {
    std::string instance;   // Lab printer._ipp._tcp.local
    std::string host;
    std::optional<std::uint16_t> port;
    std::vector<std::string> txt;   // of keys that name the kind of device: model=…

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("instance", instance);
        visit("host", host);
        visit("port", port);
        visit("txt", txt);
    }
};

struct MdnsHost {
    std::string name;
    std::string address;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("name", name);
        visit("address", address);
    }
};

struct Mdns {
    static constexpr std::string_view event_type = "mdns";

    std::string_view type;   // query or response
    std::vector<MdnsQuestion> questions;
    std::vector<MdnsInstance> services;
    std::vector<std::string> pointers;   // what PTR records point to: instances and service types
    std::vector<MdnsHost> hosts;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("type", type);
        visit("questions", questions);
        visit("services", services);
        visit("pointers", pointers);
        visit("hosts", hosts);
    }
};

}   // namespace ward::event
