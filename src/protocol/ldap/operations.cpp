// SPDX-License-Identifier: Apache-2.0
#include "protocol/ldap/operations.hpp"

#include "protocol/dns/message.hpp"
#include "protocol/ldap/ldap.hpp"
#include "protocol/ntlm/ntlm.hpp"
#include "protocol/sasl.hpp"
#include "protocol/text.hpp"
#include "wire/der.hpp"

namespace ward::protocol::ldap {
namespace {

constexpr std::size_t domain_max = 128;

// RFC 4519, RFC 2798, RFC 2307 and RFC 4512, and what Active Directory's clients ask for.
constexpr std::string_view attribute_words =
    "accountexpires admincount admindisplayname aci altsecurityidentities attributetypes "
    "badpasswordtime badpwdcount businesscategory c canonicalname carlicense cn co codepage comment "
    "company configurationnamingcontext countrycode createtimestamp creatorsname currenttime dc "
    "defaultnamingcontext department departmentnumber description destinationindicator "
    "directreports displayname distinguishedname dn dnsdomain dnshostname dnsrecord dnsroot "
    "dnstombstoned domaincontrollerfunctionality domainfunctionality domainguid domainsid "
    "employeeid employeenumber employeetype enabled enhancedsearchguide entrydn entryuuid "
    "extensionattribute1 facsimiletelephonenumber flags forestfunctionality gecos "
    "generationqualifier gidnumber givenname gpcfilesyspath gpcmachineextensionnames "
    "gpcuserextensionnames gplink grouptype highestcommittedusn homedirectory homedrive homemdb "
    "homephone host houseidentifier info initials instancetype internationalisdnnumber ipphone "
    "iscriticalsystemobject isdeleted ismemberofpartialattributeset jpegphoto keywords l labeleduri "
    "lastlogoff lastlogon lastlogontimestamp ldapdisplayname legacyexchangedn location lockouttime "
    "loginshell logoncount logonhours mail mailnickname managedby manager member memberof memberuid "
    "middlename mobile modifytimestamp msds-allowedtodelegateto msds-behavior-version "
    "msds-groupmsamembership msds-managedpassword msds-principalname msds-resultantpso "
    "msds-supportedencryptiontypes msexchmailboxguid msexchrecipienttypedetails mssfu30name name "
    "namingcontexts ncname netbiosname netlogon nismapname nisnetgroup nisnetgrouptriple "
    "ntdsdsaoptions ntsecuritydescriptor ntver o objectcategory objectclass objectclasses "
    "objectguid objectsid operatingsystem operatingsystemservicepack operatingsystemversion "
    "otherhomephone othermailbox othertelephone ou owner pager personaltitle photo "
    "physicaldeliveryofficename postaladdress postalcode postofficebox preferreddeliverymethod "
    "preferredlanguage primarygroupid primarygrouptoken printername printsharename proxyaddresses "
    "pwdlastset registeredaddress replpropertymetadata roleoccupant rootdomainnamingcontext "
    "samaccountname samaccounttype schemaidguid schemanamingcontext scriptpath searchguide "
    "secretary seealso serialnumber servername serverreferencebl serviceclassname "
    "serviceprincipalname shadowlastchange sidhistory sn st street streetaddress "
    "structuralobjectclass subschemasubentry supportedcapabilities supportedcontrol "
    "supportedextension supportedldappolicies supportedldapversion supportedsaslmechanisms "
    "systemflags targetaddress telephonenumber teletexterminalidentifier telexnumber thumbnailphoto "
    "title tokengroups trustattributes trustdirection trustpartner trusttype uid uidnumber uncname "
    "uniqueidentifier uniquemember url useraccountcontrol usercertificate userparameters "
    "userpassword userpkcs12 userprincipalname usersmimecertificate usnchanged usncreated "
    "versionnumber whenchanged whencreated wwwhomepage x121address x500uniqueidentifier";
constexpr auto attributes_known = sorted_words<count_words(attribute_words)>(attribute_words);

bool is_oid(std::string_view text) {
    constexpr std::size_t oid_max = 64;
    return !text.empty() && text.size() <= oid_max &&
           text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// RFC 4512, 2.5: an attribute without its options. What nobody knows may be anything.
std::string attribute_of(Bytes description) {
    const auto text = as_text(description);
    const auto name = text.substr(0, text.find(';'));
    return std::string{holds(attributes_known, name) || is_oid(name) ? name : "{other}"};
}

/// The object identifier of an extended operation (RFC 4511, 4.12).
std::string identifier_of(Bytes name) {
    const auto text = as_text(name);
    return std::string{text.empty() || is_oid(text) ? text : "{other}"};
}

std::string mechanism_of(Bytes name) {
    const auto text = as_text(name);
    return std::string{text.empty() || is_sasl_mechanism(text) ? text : "{other}"};
}
constexpr std::uint8_t search_request = 0x63;
constexpr std::uint8_t extended_request = 0x77;

std::string_view result_name(std::int64_t code) {
    switch (code) {
        case 0: return "success";
        case 1: return "operations_error";
        case 2: return "protocol_error";
        case 4: return "size_limit_exceeded";
        case 7: return "auth_method_not_supported";
        case 8: return "stronger_auth_required";
        case 10: return "referral";
        case 13: return "confidentiality_required";
        case 14: return "sasl_bind_in_progress";
        case 32: return "no_such_object";
        case 34: return "invalid_dn_syntax";
        case 48: return "inappropriate_authentication";
        case 49: return "invalid_credentials";
        case 50: return "insufficient_access_rights";
        case 51: return "busy";
        case 52: return "unavailable";
        case 53: return "unwilling_to_perform";
        case 68: return "entry_already_exists";
        default: return {};
    }
}

std::int64_t integer(std::optional<Bytes> content) { return content ? der_integer(*content).value_or(0) : 0; }

/// DC=ward,DC=local → ward.local. What names a person or thing below is dropped.
std::string domain_of(std::string_view name) {
    std::string domain;
    while (!name.empty() && domain.size() < domain_max) {
        const auto part = trimmed(take_until(name, ','));
        if (!starts_ignoring_case(part, "dc=")) continue;
        if (!domain.empty()) domain += '.';
        domain += clipped(part.substr(3), domain_max);
    }
    return domain;
}

/// RFC 4511, 4.5.1: attributes by name; what they are compared with is dropped.
void read_filter(DerElement filter, int depth, std::vector<std::string>& attributes) {
    if (depth > limits.filter_depth_max || attributes.size() >= limits.filter_attributes_max) return;
    DerReader in{filter.content};
    switch (filter.tag) {
        case der::tagged(0):
        case der::tagged(1):
        case der::tagged(2):
            while (const auto part = in.next()) read_filter(*part, depth + 1, attributes);
            return;
        case 0x87:   // present
            attributes.push_back(attribute_of(filter.content));
            return;
        case der::tagged(9):   // extensible: its type is optional
            if (const auto type = in.find(0x82)) attributes.push_back(attribute_of(*type));
            return;
        default:
            if (const auto name = in.take(der::octet_string)) attributes.push_back(attribute_of(*name));
    }
}

void read_token(Bytes token, const Output& out, event::Ldap& told) {
    if (auto names = ntlm::read_names(token, out)) told.ntlmssp = std::move(*names);
    if (ntlm::has_kerberos_ticket(token)) told.kerberos = true;
}

void read_bind(Bytes content, const Output& out, event::Ldap& told) {
    DerReader in{content};
    told.version = integer(in.take(der::integer));
    const auto name = as_text(in.take(der::octet_string).value_or(Bytes{}));
    if (!name.empty()) told.user = out.pseudonym(lowered(name));
    told.domain = domain_of(name);
    const auto credentials = in.next();
    if (!credentials) return;
    if (credentials->tag == 0x80) {
        told.authentication = credentials->content.empty() ? "anonymous" : "simple";
        told.clear_password = !credentials->content.empty();
    } else if (credentials->tag == der::tagged(3)) {
        DerReader sasl{credentials->content};
        told.authentication = "sasl";
        told.mechanism = mechanism_of(sasl.take(der::octet_string).value_or(Bytes{}));
        const auto token = sasl.take(der::octet_string).value_or(Bytes{});
        // RFC 4616: PLAIN is a password in clear, too.
        told.clear_password = told.mechanism == "PLAIN" || told.mechanism == "LOGIN";
        read_token(token, out, told);
    } else {
        read_token(credentials->content, out, told);   // MS-ADTS 5.1.1.1.3: Sicily
        told.authentication = "sicily";
    }
}

void read_search(Bytes content, event::Ldap& told) {
    constexpr std::array<std::string_view, 4> scopes{"base_object", "single_level", "whole_subtree",
                                                     "subordinate_subtree"};
    DerReader in{content};
    told.domain = domain_of(as_text(in.take(der::octet_string).value_or(Bytes{})));
    const auto scope = static_cast<std::uint64_t>(integer(in.take(der::enumerated)));
    if (scope < scopes.size()) told.scope = scopes[scope];
    in.take(der::enumerated);
    in.take(der::integer);
    in.take(der::integer);
    in.take(der::boolean);
    if (const auto filter = in.next()) read_filter(*filter, 0, told.filter_attributes);
}

}   // namespace

std::string_view operation_name(std::uint8_t tag) {
    switch (tag) {
        case bind_request: return "bind_request";
        case bind_response: return "bind_response";
        case unbind_request: return "unbind_request";
        case search_request: return "search_request";
        case search_entry: return "search_result_entry";
        case 0x65: return "search_result_done";
        case 0x66: return "modify_request";
        case 0x67: return "modify_response";
        case 0x68: return "add_request";
        case 0x69: return "add_response";
        case 0x4a: return "del_request";
        case 0x6b: return "del_response";
        case 0x6c: return "mod_dn_request";
        case 0x6d: return "mod_dn_response";
        case 0x6e: return "compare_request";
        case 0x6f: return "compare_response";
        case abandon_request: return "abandon_request";
        case search_reference: return "search_result_reference";
        case extended_request: return "extended_request";
        case extended_response: return "extended_response";
        case intermediate: return "intermediate_response";
        default: return {};
    }
}

bool is_response(std::uint8_t tag) {
    const auto name = operation_name(tag);
    return !name.empty() && !name.ends_with("_request");
}

void read_request(std::uint8_t tag, Bytes content, Output& out, event::Ldap& told) {
    DerReader in{content};
    switch (tag) {
        case bind_request: return read_bind(content, out, told);
        case search_request: return read_search(content, told);
        case extended_request: told.extended = identifier_of(in.take(0x80).value_or(Bytes{})); return;
        case 0x4a: told.domain = domain_of(as_text(content)); return;
        case unbind_request:
        case abandon_request: return;
        default: told.domain = domain_of(as_text(in.take(der::octet_string).value_or(Bytes{})));
    }
}

void read_response(std::uint8_t tag, Bytes content, const Output& out, event::Ldap& told) {
    DerReader in{content};
    told.response = operation_name(tag);
    if (const auto code = in.take(der::enumerated)) {
        told.result_code = der_integer(*code);
        told.result = result_name(told.result_code.value_or(-1));
    }
    if (tag != bind_response) return;
    in.next();   // matchedDN and the diagnostic message, which may quote a name
    in.next();
    if (const auto token = in.find(0x87)) read_token(*token, out, told);
}

std::optional<event::LdapNetlogon> read_netlogon(Bytes entry) {
    DerReader in{entry};
    in.next();   // objectName
    DerReader attributes{in.take(der::sequence).value_or(Bytes{})};
    DerReader attribute{attributes.take(der::sequence).value_or(Bytes{})};
    if (!equal_ignoring_case(as_text(attribute.take(der::octet_string).value_or(Bytes{})), "netlogon"))
        return std::nullopt;
    DerReader values{attribute.take(der::set).value_or(Bytes{})};
    const auto answer = values.take(der::octet_string).value_or(Bytes{});
    WireReader head{answer};
    const auto opcode = head.le16();
    // LOGON_SAM_LOGON_RESPONSE_EX, LOGON_SAM_USER_UNKNOWN_EX and the paused one.
    if (opcode < 23 || opcode > 25) return std::nullopt;
    dns::MessageReader names{answer};
    names.skip(24);   // opcode, flags and the domain's GUID
    event::LdapNetlogon told;
    told.forest = names.name();
    told.domain = names.name();
    told.host = names.name();
    told.netbios_domain = names.name();
    told.netbios_host = names.name();
    names.name();   // the user
    told.site = names.name();
    return told;
}

}   // namespace ward::protocol::ldap
