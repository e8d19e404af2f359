// SPDX-License-Identifier: Apache-2.0
#include "protocol/krb5/messages.hpp"

#include <algorithm>

#include "protocol/krb5/krb5.hpp"
#include "protocol/text.hpp"
#include "wire/der.hpp"

namespace ward::protocol::krb5 {
namespace {

constexpr Limits limits;

// RFC 4120, 7.5.7
enum Type : unsigned {
    as_req = 10,
    as_rep = 11,
    tgs_req = 12,
    tgs_rep = 13,
    ap_req = 14,
    ap_rep = 15,
    error = 30
};

std::string_view type_name(unsigned type) {
    switch (type) {
        case as_req: return "KRB_AS_REQ";
        case as_rep: return "KRB_AS_REP";
        case tgs_req: return "KRB_TGS_REQ";
        case tgs_rep: return "KRB_TGS_REP";
        case ap_req: return "KRB_AP_REQ";
        case ap_rep: return "KRB_AP_REP";
        case error: return "KRB_ERROR";
        default: return {};
    }
}

// IANA, Kerberos encryption type numbers
std::string encryption_name(std::int64_t type) {
    switch (type) {
        case 1: return "des-cbc-crc";
        case 2: return "des-cbc-md4";
        case 3: return "des-cbc-md5";
        case 16: return "des3-cbc-sha1-kd";
        case 17: return "aes128-cts-hmac-sha1-96";
        case 18: return "aes256-cts-hmac-sha1-96";
        case 19: return "aes128-cts-hmac-sha256-128";
        case 20: return "aes256-cts-hmac-sha384-192";
        case 23: return "rc4-hmac";
        case 24: return "rc4-hmac-exp";
        case -128: return "rc4-md4";
        case -133: return "rc4-hmac-old";
        case -135: return "rc4-hmac-old-exp";
        default: return std::to_string(type);
    }
}

// RFC 6649 and RFC 8429 deprecate them.
bool is_weak(std::int64_t type) {
    return (type >= 1 && type <= 3) || type == 16 || type == 23 || type == 24 || (type < -127 && type > -142);
}

std::string_view error_name(std::int64_t code) {
    switch (code) {
        case 6: return "KDC_ERR_C_PRINCIPAL_UNKNOWN";
        case 7: return "KDC_ERR_S_PRINCIPAL_UNKNOWN";
        case 12: return "KDC_ERR_POLICY";
        case 13: return "KDC_ERR_BADOPTION";
        case 14: return "KDC_ERR_ETYPE_NOSUPP";
        case 16: return "KDC_ERR_PADATA_TYPE_NOSUPP";
        case 18: return "KDC_ERR_CLIENT_REVOKED";
        case 23: return "KDC_ERR_KEY_EXPIRED";
        case 24: return "KDC_ERR_PREAUTH_FAILED";
        case 25: return "KDC_ERR_PREAUTH_REQUIRED";
        case 31: return "KRB_AP_ERR_BAD_INTEGRITY";
        case 32: return "KRB_AP_ERR_TKT_EXPIRED";
        case 37: return "KRB_AP_ERR_SKEW";
        case 41: return "KRB_AP_ERR_MODIFIED";
        case 52: return "KRB_ERR_RESPONSE_TOO_BIG";
        case 60: return "KRB_ERR_GENERIC";
        case 68: return "KDC_ERR_WRONG_REALM";
        default: return {};
    }
}

std::string text_in(Bytes content) {
    DerReader in{content};
    const auto value = in.next();
    return value ? clipped(as_text(value->content)) : std::string{};
}

std::optional<std::int64_t> integer_in(Bytes content) {
    DerReader in{content};
    const auto value = in.take(der::integer);
    return value ? der_integer(*value) : std::nullopt;
}

struct Principal {
    std::int64_t type = 0;
    std::string name;   // its parts, joined by slashes
};

/// RFC 4120, 5.2.2
Principal principal(Bytes content) {
    DerReader outer{content};
    DerReader name{outer.take(der::sequence).value_or(Bytes{})};
    const auto type = integer_in(name.find(der::tagged(0)).value_or(Bytes{}));
    DerReader tagged{name.find(der::tagged(1)).value_or(Bytes{})};
    DerReader parts{tagged.take(der::sequence).value_or(Bytes{})};
    std::string joined;
    for (std::size_t i = 0; i < limits.name_parts_max; ++i) {
        const auto part = parts.next();
        if (!part) break;
        if (i > 0) joined += '/';
        joined += clipped(as_text(part->content), 128);
    }
    return {type.value_or(0), std::move(joined)};
}

/// Machine accounts end in a dollar, before their realm if they have one; services have a slash, and types of
/// their own (RFC 4120, 6.2). People have names of any form: nadia/admin.
bool is_person(const Principal& principal) {
    constexpr std::int64_t service = 2, host = 3;
    const auto account = std::string_view{principal.name}.substr(0, principal.name.find('@'));
    const bool serves = principal.type == service || principal.type == host;
    return !account.empty() && !account.ends_with('$') &&
           !(serves && account.find('/') != std::string_view::npos);
}

// Active Directory does not tell upper case from lower, and neither do those that log in.
void name_client(const Principal& principal, const Output& out, event::Krb5& told) {
    if (!is_person(principal)) {
        told.cname = principal.name;
    } else {
        told.user = out.pseudonym(lowered(principal.name));
    }
}

void name_server(const Principal& principal, const Output& out, event::Krb5& told) {
    // Services are asked for by any type. A person's name here is a ticket between users.
    const bool person = is_person(principal) && principal.name.find('/') == std::string::npos;
    told.sname = person ? out.pseudonym(lowered(principal.name)).text : principal.name;
}

void read_request(Bytes content, const Output& out, event::Krb5& told) {
    DerReader in{content};
    told.preauthenticated = false;
    while (const auto field = in.next()) {
        if (field->tag == der::tagged(3)) {
            DerReader outer{field->content};
            DerReader list{outer.take(der::sequence).value_or(Bytes{})};
            while (const auto item = list.take(der::sequence)) {
                DerReader one{*item};
                const auto type = integer_in(one.find(der::tagged(1)).value_or(Bytes{}));
                // PA-TGS-REQ, PA-ENC-TIMESTAMP, PA-PK-AS-REQ, PA-FX-FAST, encrypted challenge
                if (type == 1 || type == 2 || type == 16 || type == 136 || type == 138)
                    told.preauthenticated = true;
            }
        } else if (field->tag == der::tagged(4)) {
            DerReader outer{field->content};
            DerReader body{outer.take(der::sequence).value_or(Bytes{})};
            while (const auto part = body.next()) {
                if (part->tag == der::tagged(1)) name_client(principal(part->content), out, told);
                if (part->tag == der::tagged(2)) told.realm = text_in(part->content);
                if (part->tag == der::tagged(3)) name_server(principal(part->content), out, told);
                if (part->tag != der::tagged(8)) continue;
                DerReader wrapped{part->content};
                DerReader types{wrapped.take(der::sequence).value_or(Bytes{})};
                told.weak_requested = !types.empty();
                while (const auto type = types.take(der::integer)) {
                    const auto number = der_integer(*type).value_or(0);
                    told.weak_requested = told.weak_requested && is_weak(number);
                    if (told.requested_encryption.size() < limits.encryptions_max)
                        told.requested_encryption.push_back(encryption_name(number));
                }
            }
        }
    }
}

/// RFC 4120, 5.2.9
std::optional<std::int64_t> encryption_of(Bytes encrypted) {
    DerReader outer{encrypted};
    DerReader fields{outer.take(der::sequence).value_or(Bytes{})};
    return integer_in(fields.find(der::tagged(0)).value_or(Bytes{}));
}

void read_ticket(Bytes content, const Output& out, event::Krb5& told) {
    DerReader outer{content};
    DerReader application{outer.take(der::application(1)).value_or(Bytes{})};
    DerReader fields{application.take(der::sequence).value_or(Bytes{})};
    while (const auto field = fields.next()) {
        if (field->tag == der::tagged(1) && told.realm.empty()) told.realm = text_in(field->content);
        if (field->tag == der::tagged(2)) name_server(principal(field->content), out, told);
        if (field->tag != der::tagged(3)) continue;
        if (const auto type = encryption_of(field->content)) {
            told.ticket_encryption = encryption_name(*type);
            told.weak_encryption = told.weak_encryption || is_weak(*type);
        }
    }
}

void read_reply(Bytes content, const Output& out, event::Krb5& told) {
    DerReader in{content};
    while (const auto field = in.next()) {
        if (field->tag == der::tagged(3)) told.realm = text_in(field->content);
        if (field->tag == der::tagged(4)) name_client(principal(field->content), out, told);
        if (field->tag == der::tagged(5)) read_ticket(field->content, out, told);
        if (field->tag != der::tagged(6)) continue;
        if (const auto type = encryption_of(field->content)) {
            told.encryption = encryption_name(*type);
            told.weak_encryption = told.weak_encryption || is_weak(*type);
        }
    }
}

void read_error(Bytes content, const Output& out, event::Krb5& told) {
    DerReader in{content};
    while (const auto field = in.next()) {
        if (field->tag == der::tagged(6)) told.error_number = integer_in(field->content);
        if (field->tag == der::tagged(8) && told.cname.empty() && told.user.empty())
            name_client(principal(field->content), out, told);
        if (field->tag == der::tagged(9) && told.realm.empty()) told.realm = text_in(field->content);
        if (field->tag == der::tagged(10) && told.sname.empty())
            name_server(principal(field->content), out, told);
    }
    told.error_code = error_name(told.error_number.value_or(0));
}

void read_ap_request(Bytes content, const Output& out, event::Krb5& told) {
    DerReader in{content};
    read_ticket(in.find(der::tagged(3)).value_or(Bytes{}), out, told);
}

}   // namespace

Role role(std::uint8_t tag) {
    switch (tag & 0x1fU) {
        case as_req:
        case tgs_req:
        case ap_req: return (tag & 0xe0U) == 0x60 ? Role::request : Role::neither;
        case as_rep:
        case tgs_rep:
        case ap_rep:
        case error: return (tag & 0xe0U) == 0x60 ? Role::answer : Role::neither;
        default: return Role::neither;
    }
}

bool is_error(std::uint8_t tag) { return (tag & 0x1fU) == error; }

bool read_message(Bytes message, const Output& out, event::Krb5& told) {
    DerReader outer{message};
    const auto application = outer.next();
    if (!application || role(application->tag) == Role::neither) return false;
    DerReader inner{application->content};
    const auto fields = inner.take(der::sequence);
    if (!fields) return false;
    const unsigned type = application->tag & 0x1fU;
    (role(application->tag) == Role::request ? told.request : told.msg_type) = type_name(type);
    switch (type) {
        case as_req:
        case tgs_req: read_request(*fields, out, told); break;
        case as_rep:
        case tgs_rep: read_reply(*fields, out, told); break;
        case ap_req: read_ap_request(*fields, out, told); break;
        case error: read_error(*fields, out, told); break;
        default: break;
    }
    return true;
}

}   // namespace ward::protocol::krb5
