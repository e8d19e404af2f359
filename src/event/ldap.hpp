// SPDX-License-Identifier: Apache-2.0
// An LDAP operation and its result, without the values that were asked for or told.
#pragma once

#include "event/ntlm.hpp"

namespace ward::event {

/// MS-ADTS 6.3.1.9: how a domain controller answers a ping.
struct LdapNetlogon {
    std::string forest;
    std::string domain;
    std::string host;
    std::string netbios_domain;
    std::string netbios_host;
    std::string site;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("forest", forest);
        visit("domain", domain);
        visit("host", host);
        visit("netbios_domain", netbios_domain);
        visit("netbios_host", netbios_host);
        visit("site", site);
    }
};

struct Ldap {
    static constexpr std::string_view event_type = "ldap";

    std::string_view operation;   // search_request …; empty where it was not seen
    std::string_view response;    // search_result_done …
    std::int64_t message_id = 0;
    std::optional<std::int64_t> version;
    std::string_view authentication;   // simple, anonymous, sasl
    std::string mechanism;             // of SASL
    bool clear_password = false;
    Pseudonym user;
    std::optional<NtlmNames> ntlmssp;
    bool kerberos = false;
    std::string domain;   // the domain components of the base or name
    std::string_view scope;
    std::vector<std::string> filter_attributes;
    std::string extended;   // OID
    std::uint32_t entries = 0;
    std::optional<LdapNetlogon> netlogon;
    std::optional<std::int64_t> result_code;
    std::string_view result;
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("operation", operation);
        visit("response", response);
        visit("message_id", message_id);
        visit("version", version);
        visit("authentication", authentication);
        visit("mechanism", mechanism);
        if (clear_password) visit("clear_password", clear_password);
        visit("user", user);
        visit("ntlmssp", ntlmssp);
        if (kerberos) visit("kerberos", kerberos);
        visit("domain", domain);
        visit("scope", scope);
        visit("filter_attributes", filter_attributes);
        visit("extended", extended);
        if (entries > 0) visit("entries", entries);
        visit("netlogon", netlogon);
        visit("result_code", result_code);
        visit("result", result);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
