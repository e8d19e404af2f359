// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/ldap.hpp"

#include "lab/frames/office/asn1.hpp"

namespace ward::lab {
namespace {

using namespace asn1;

// RFC 4511, 4.2 to 4.5: application tags.
constexpr std::uint8_t bind_request = 0x60, bind_response = 0x61, unbind_request = 0x42,
                       search_request = 0x63, search_entry = 0x64, search_done = 0x65;
constexpr std::uint8_t sasl = 0xa3, sasl_answer = 0x87;
constexpr std::string_view paged_results = "1.2.840.113556.1.4.319";

Buffer string(std::string_view value) { return octets(as_bytes(value)); }

Buffer enumerated(int value) { return number(value, der::enumerated); }

// RFC 2696, 2.
Buffer page_control(int size, std::string_view cookie) {
    const auto value = sequence(number(size), string(cookie));
    return tagged(0, sequence(string(paged_results), octets(value)));
}

// RFC 4511, 4.1.9: success, and no more to say.
Buffer success() {
    auto out = enumerated(0);
    append(out, string({}));
    append(out, string({}));
    return out;
}

}   // namespace

Buffer ldap_present(std::string_view attribute) { return text(0x87, attribute); }

Buffer ldap_equal(std::string_view attribute, std::string_view value) {
    return group(0xa3, string(attribute), string(value));
}

Buffer ldap_all(const std::vector<Buffer>& filters) {
    Buffer content;
    for (const auto& filter : filters) append(content, filter);
    return element(0xa0, content);
}

Buffer ldap_bind(int message, Bytes credentials) {
    return sequence(number(message), group(bind_request, number(3), string({}),
                                           group(sasl, string("GSS-SPNEGO"), octets(credentials))));
}

Buffer ldap_bound(int message, Bytes credentials) {
    return sequence(number(message), group(bind_response, success(), element(sasl_answer, credentials)));
}

Buffer ldap_search(int message, const LdapSearch& search) {
    Buffer attributes;
    for (const auto attribute : search.attributes) append(attributes, string(attribute));
    const auto request =
        group(search_request, string(search.under), enumerated(static_cast<int>(search.scope)), enumerated(0),
              number(0), number(120), element(der::boolean, Buffer(1)), search.filter,
              element(der::sequence, attributes));
    if (search.page == 0) return sequence(number(message), request);
    return sequence(number(message), request, page_control(search.page, search.cookie));
}

Buffer ldap_entry(int message, const LdapEntry& entry) {
    Buffer attributes;
    for (const auto& attribute : entry.attributes) {
        Buffer values;
        for (const auto& value : attribute.values) append(values, string(value));
        append(attributes, sequence(string(attribute.type), element(der::set, values)));
    }
    return sequence(number(message),
                    group(search_entry, string(entry.name), element(der::sequence, attributes)));
}

Buffer ldap_done(int message, const LdapSearch& search, std::string_view cookie) {
    const auto done = group(search_done, success());
    if (search.page == 0) return sequence(number(message), done);
    return sequence(number(message), done, page_control(0, cookie));
}

Buffer ldap_unbind(int message) { return sequence(number(message), element(unbind_request, {})); }

}   // namespace ward::lab
