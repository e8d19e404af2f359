// SPDX-License-Identifier: Apache-2.0
// A DHCP message: what a device asks of its network, which tells much of what it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// RFC 2131. A message is an event by itself, as EVE has it: they are broadcast, and belong to no flow.
struct Dhcp {
    static constexpr std::string_view event_type = "dhcp";

    std::string_view type;        // request or reply
    std::string_view dhcp_type;   // discover, offer, …; empty of BOOTP
    std::string id;               // eight hexadecimal digits
    MacAddress client_mac;
    std::string client_ip;
    std::string assigned_ip;
    std::string relay_ip;
    std::string requested_ip;
    std::string server_id;
    std::string client_id;   // hexadecimal
    std::string hostname;    // option 12, or the name of option 81
    std::string vendor_class_identifier;
    std::string params;   // option 55 as it was sent, with commas: a fingerprint of the client
    std::string subnet_mask;
    std::string domain;
    std::vector<std::string> routers;
    std::vector<std::string> dns_servers;
    std::optional<std::uint32_t> lease_time;   // seconds

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("type", type);
        visit("dhcp_type", dhcp_type);
        visit("id", id);
        visit("client_mac", client_mac);
        visit("client_ip", client_ip);
        visit("assigned_ip", assigned_ip);
        visit("relay_ip", relay_ip);
        visit("requested_ip", requested_ip);
        visit("server_id", server_id);
        visit("client_id", client_id);
        visit("hostname", hostname);
        visit("vendor_class_identifier", vendor_class_identifier);
        visit("params", params);
        visit("subnet_mask", subnet_mask);
        visit("domain", domain);
        visit("routers", routers);
        visit("dns_servers", dns_servers);
        visit("lease_time", lease_time);
    }
};

/// RFC 8415.
struct Dhcpv6 {
    static constexpr std::string_view event_type = "dhcpv6";

    std::string_view type;   // solicit, advertise, …
    std::string id;          // six hexadecimal digits
    std::string client_duid;
    std::string server_duid;
    MacAddress client_mac;   // of the DUID, where that has one
    std::string fqdn;
    std::string vendor_class;
    std::string params;   // the options asked for
    std::vector<std::string> addresses;
    bool relayed = false;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("type", type);
        visit("id", id);
        visit("client_duid", client_duid);
        visit("server_duid", server_duid);
        visit("client_mac", client_mac);
        visit("fqdn", fqdn);
        visit("vendor_class", vendor_class);
        visit("params", params);
        visit("addresses", addresses);
        visit("relayed", relayed);
    }
};

}   // namespace ward::event
