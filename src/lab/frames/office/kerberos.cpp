// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/kerberos.hpp"

#include "lab/frames/office/asn1.hpp"
#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

using namespace asn1;

constexpr std::uint8_t general_string = 0x1b;
constexpr std::int64_t version = 5;

Buffer string(std::string_view value) { return text(general_string, value); }

// RFC 4120, 5.2.8: at least 32 bits.
Buffer flags(std::uint32_t value) {
    Buffer bytes;
    append_big_endian(bytes, value);
    return bits(bytes);
}

// RFC 4120, 5.2.2.
Buffer name(const KerberosName& name) {
    Buffer parts;
    for (const auto& part : name.parts) append(parts, string(part));
    return sequence(tagged(0, number(name.kind)), tagged(1, element(der::sequence, parts)));
}

// RFC 4120, 5.2.9.
Buffer sealed_part(const Sealed& sealed) {
    Buffer content = tagged(0, number(sealed.method));
    if (sealed.key_version) append(content, tagged(1, number(*sealed.key_version)));
    append(content, tagged(2, octets(sealed.cipher)));
    return element(der::sequence, content);
}

// RFC 4120, 5.4.1, KDC-REQ-BODY.
Buffer body_of(const KdcRequest& request) {
    Buffer methods;
    for (const auto method : request.methods) append(methods, number(method));
    Buffer content = tagged(0, flags(request.options));
    if (request.client) append(content, tagged(1, name(*request.client)));
    append(content, tagged(2, string(request.realm)));
    append(content, tagged(3, name(request.server)));
    append(content, tagged(5, text(der::generalized_time, "20370913024805Z")));   // as Windows asks
    append(content, tagged(7, number(request.nonce)));
    append(content, tagged(8, element(der::sequence, methods)));
    if (!request.host.empty()) {   // RFC 4120, 7.5.3: NetBIOS names are padded to 16
        auto host = request.host;
        host.resize(16, ' ');
        append(content,
               tagged(9, sequence(sequence(tagged(0, number(20)), tagged(1, octets(as_bytes(host)))))));
    }
    return element(der::sequence, content);
}

}   // namespace

Buffer pre_list(const std::vector<Preauthentication>& all) {
    Buffer content;
    for (const auto& one : all)
        append(content, sequence(tagged(1, number(one.kind)), tagged(2, octets(one.value))));
    return element(der::sequence, content);
}

Preauthentication pre_timestamp(const Sealed& sealed) { return {2, sealed_part(sealed)}; }

Preauthentication pre_ticket(const Buffer& ap_request) { return {1, ap_request}; }

Preauthentication pre_methods(std::string_view salt) {
    return {19, sequence(sequence(tagged(0, number(kerberos::aes256)), tagged(1, string(salt))))};
}

Preauthentication pre_groups_wanted() {
    return {128, sequence(tagged(0, element(der::boolean, Buffer{std::byte{0xff}})))};
}

// RFC 4120, 5.4.1.
Buffer kdc_request(const KdcRequest& request) {
    const auto tag = static_cast<std::uint8_t>(request.ask);
    Buffer content = tagged(1, number(version));
    append(content, tagged(2, number(tag)));
    if (!request.before.empty()) append(content, tagged(3, pre_list(request.before)));
    append(content, tagged(4, body_of(request)));
    return group(der::application(tag), element(der::sequence, content));
}

// RFC 4120, 5.4.2: numbered one above what it answers.
Buffer kdc_reply(const KdcReply& reply) {
    const auto tag = static_cast<std::uint8_t>(static_cast<unsigned>(reply.ask) + 1);
    Buffer content = tagged(0, number(version));
    append(content, tagged(1, number(tag)));
    if (!reply.before.empty()) append(content, tagged(2, pre_list(reply.before)));
    append(content, tagged(3, string(reply.realm)));
    append(content, tagged(4, name(reply.client)));
    append(content, tagged(5, reply.ticket));
    append(content, tagged(6, sealed_part(reply.sealed)));
    return group(der::application(tag), element(der::sequence, content));
}

// RFC 4120, 5.9.1.
Buffer kdc_refusal(const KdcRefusal& refusal) {
    const auto micros = refusal.at.time_since_epoch().count() % 1'000'000;
    Buffer content = tagged(0, number(version));
    append(content, tagged(1, number(30)));
    append(content, tagged(4, generalized_time(refusal.at)));
    append(content, tagged(5, number(micros)));
    append(content, tagged(6, number(refusal.code)));
    append(content, tagged(9, string(refusal.realm)));
    append(content, tagged(10, name(refusal.server)));
    if (!refusal.detail.empty()) append(content, tagged(12, octets(refusal.detail)));
    return group(der::application(30), element(der::sequence, content));
}

// RFC 4120, 5.3.
Buffer kerberos_ticket(const std::string& realm, const KerberosName& server, const Sealed& sealed) {
    return group(der::application(1), sequence(tagged(0, number(version)), tagged(1, string(realm)),
                                               tagged(2, name(server)), tagged(3, sealed_part(sealed))));
}

// RFC 4120, 5.5.1.
Buffer kerberos_ap_request(const Buffer& ticket, const Sealed& authenticator, std::uint32_t options) {
    return group(der::application(14),
                 sequence(tagged(0, number(version)), tagged(1, number(14)), tagged(2, flags(options)),
                          tagged(3, ticket), tagged(4, sealed_part(authenticator))));
}

// RFC 4120, 5.5.2.
Buffer kerberos_ap_reply(const Sealed& sealed) {
    return group(der::application(15),
                 sequence(tagged(0, number(version)), tagged(1, number(15)), tagged(2, sealed_part(sealed))));
}

}   // namespace ward::lab
