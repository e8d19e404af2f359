// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/spnego.hpp"

#include "lab/frames/office/asn1.hpp"

namespace ward::lab {
namespace {

using namespace asn1;

constexpr std::string_view spnego = "1.3.6.1.5.5.2", kerberos_oid = "1.2.840.113554.1.2.2",
                           kerberos_of_microsoft = "1.2.840.48018.1.2.2", negoex = "1.3.6.1.4.1.311.2.2.30",
                           ntlm = "1.3.6.1.4.1.311.2.2.10";

Buffer mechanisms() {
    return sequence(identifier(kerberos_of_microsoft), identifier(kerberos_oid), identifier(negoex),
                    identifier(ntlm));
}

// RFC 4121, 4.1: 0x0100 before an AP-REQ, 0x0200 before an AP-REP.
Buffer token(std::uint16_t kind, const Buffer& message) {
    Buffer head;
    append_big_endian(head, kind);
    return group(der::application(0), identifier(kerberos_oid), head, message);
}

}   // namespace

Buffer spnego_hints() {
    constexpr std::uint8_t general_string = 0x1b;
    const auto hint = sequence(tagged(0, text(general_string, "not_defined_in_RFC4178@please_ignore")));
    return group(der::application(0), identifier(spnego),
                 tagged(0, sequence(tagged(0, mechanisms()), tagged(3, hint))));
}

// RFC 4178, 4.2.1.
Buffer spnego_first(const Buffer& ap_request) {
    return group(der::application(0), identifier(spnego),
                 tagged(0, sequence(tagged(0, mechanisms()), tagged(2, octets(token(0x0100, ap_request))))));
}

// RFC 4178, 4.2.2: accept-completed.
Buffer spnego_done(const Buffer& ap_reply) {
    return tagged(
        1, sequence(tagged(0, number(0, der::enumerated)), tagged(1, identifier(kerberos_of_microsoft)),
                    tagged(2, octets(token(0x0200, ap_reply)))));
}

}   // namespace ward::lab
