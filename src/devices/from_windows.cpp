// SPDX-License-Identifier: Apache-2.0
// Windows and its directory: machines name themselves when they log in.
#include "devices/from.hpp"
#include "devices/roles.hpp"
#include "devices/words.hpp"

namespace ward::devices {
namespace {

using enum Attribute;

/// MS-NLMP, 2.2.2.10: the version's last number is the build. Samba has none, and says 6.1.
void system_version(Side who, std::string_view version, Statements& out) {
    if (version.empty()) return;
    if (version.ends_with(".0")) {
        out.say(who, software, "Samba or another SMB of its own", "ntlm version", 40);
        return;
    }
    out.say(who, operating_system, "Windows " + std::string{version}, "ntlm version", 70);
}

/// The server names its DNS domain in the CHALLENGE; in the AUTHENTICATE the client names itself alone.
void ntlm(const event::NtlmNames& names, Statements& out) {
    const bool challenge = !names.dns_host.empty() || !names.dns_domain.empty();
    const auto who = challenge ? Side::server : Side::client;
    if (names.anonymous) return;
    out.say(who, hostname, host_of(names.host), challenge ? "ntlm challenge" : "ntlm authenticate",
            challenge ? 80U : 70U);
    if (challenge) out.say(who, domain, names.dns_domain, "ntlm challenge", 75);
    system_version(who, names.version, out);
}

}   // namespace

void from(const event::Smb& exchange, const Conversation&, Statements& out) {
    if (exchange.ntlmssp) ntlm(*exchange.ntlmssp, out);
    if (exchange.status.empty()) return;
    out.say(Side::server, operating_system, operating_system_in(exchange.native_os), "smb native OS", 50);
    if (!exchange.native_os.empty() && contains_ignoring_case(exchange.native_lm, "samba"))
        out.say(Side::server, software, exchange.native_lm, "smb native LAN manager", 60);
    if (exchange.share == "SYSVOL" || exchange.share == "NETLOGON")
        out.say(Side::server, role, roles::server, "shares a domain controller's folders", 80);
}

void from(const event::Dcerpc& call, const Conversation&, Statements& out) {
    if (call.ntlmssp) ntlm(*call.ntlmssp, out);
}

void from(const event::Ldap& operation, const Conversation&, Statements& out) {
    if (operation.ntlmssp) ntlm(*operation.ntlmssp, out);
    if (operation.response.empty()) return;
    out.say(Side::server, role, roles::server, "answers LDAP", 70);
    if (!operation.netlogon) return;
    out.say(Side::server, hostname, host_of(operation.netlogon->netbios_host), "ldap netlogon", 80);
    out.say(Side::server, domain, operation.netlogon->domain, "ldap netlogon", 80);
}

void from(const event::Krb5& exchange, const Conversation&, Statements& out) {
    // RFC 4120 has no machines; Windows gives their accounts a dollar at the end.
    std::string_view machine = exchange.cname;
    if (machine.ends_with('$')) {
        machine.remove_suffix(1);
        out.say(Side::client, hostname, host_of(machine), "krb5 machine account", 75);
        out.say(Side::client, domain, exchange.realm, "krb5 machine account", 70);
    }
    if (!exchange.msg_type.empty()) out.say(Side::server, role, roles::server, "answers Kerberos", 75);
}

}   // namespace ward::devices
