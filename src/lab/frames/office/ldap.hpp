// SPDX-License-Identifier: Apache-2.0
// Questions to the directory: LDAP version 3, RFC 4511.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.hpp"

namespace ward::lab {

/// Filters: RFC 4511, 4.5.1.7.
Buffer ldap_present(std::string_view attribute);
Buffer ldap_equal(std::string_view attribute, std::string_view value);
Buffer ldap_all(const std::vector<Buffer>& filters);

enum class LdapScope : std::uint8_t { base = 0, one_level = 1, subtree = 2 };

struct LdapSearch {
    std::string under{};
    LdapScope scope{};
    Buffer filter{};
    std::vector<std::string_view> attributes{};   // none: all
    int page = 0;                                 // RFC 2696: entries at a time; 0: all
    std::string cookie{};
};

struct LdapAttribute {
    std::string_view type{};
    std::vector<std::string> values{};
};

struct LdapEntry {
    std::string name{};
    std::vector<LdapAttribute> attributes{};
};

Buffer ldap_bind(int message, Bytes credentials);   // SASL, GSS-SPNEGO
Buffer ldap_bound(int message, Bytes credentials);
Buffer ldap_search(int message, const LdapSearch& search);
Buffer ldap_entry(int message, const LdapEntry& entry);
/// The search is done; with a page's cookie where there are more.
Buffer ldap_done(int message, const LdapSearch& search, std::string_view cookie = {});
Buffer ldap_unbind(int message);

}   // namespace ward::lab
