// SPDX-License-Identifier: Apache-2.0
// What software says of itself in passing: greetings, headers, certificates.
#include "devices/from.hpp"
#include "devices/roles.hpp"
#include "devices/words.hpp"

namespace ward::devices {
namespace {

using enum Attribute;

/// A server's greeting or header.
void banner(Side who, std::string_view text, std::string_view source, Statements& out) {
    out.say(who, software, text, source, 50);
    out.say(who, operating_system, operating_system_in(text), source, 45);
    out.say(who, manufacturer, maker_in(text), source, 50);
    out.say(who, role, role_in(text), source, 45);
}

/// A client's own description. Browsers tell their system, little else.
void user_agent(std::string_view text, std::string_view source, Statements& out) {
    const auto product = product_in(text);
    out.say(Side::client, software, product.software, source, 45);
    out.say(Side::client, model, product.model, source, 50);
    out.say(Side::client, serial, product.serial, source, 50);
    out.say(Side::client, operating_system, operating_system_in(text), source, 50);
    if (product.software.empty()) return;
    out.say(Side::client, manufacturer, maker_in(text), source, 45);
    out.say(Side::client, role, role_in(text), source, 55);
}

/// The value of one type in a distinguished name as RFC 4514 writes it, without what is escaped.
std::string_view part_of(std::string_view subject, std::string_view type) {
    while (!subject.empty()) {
        const auto part = trimmed(take_until(subject, ','));
        if (part.size() > type.size() && part.starts_with(type) && part[type.size()] == '=')
            return part.substr(type.size() + 1);
    }
    return {};
}

/// Devices come with a certificate of their maker; a bought one names who bought it.
void certificate(const event::Certificate& shown, Side who, Statements& out) {
    const auto organisation = part_of(shown.subject, "O");
    const auto common_name = part_of(shown.subject, "CN");
    const auto known = maker_in(shown.subject);
    out.say(who, manufacturer, known, "tls certificate", 75);
    if (known.empty() && shown.self_signed) out.say(who, manufacturer, organisation, "tls certificate", 40);
    out.say(who, role, role_in(shown.subject), "tls certificate", 50);
    // A name with blanks is a product's or a person's; wildcards name nobody.
    // People have certificates too, but no dots in their names.
    const bool is_host = who == Side::server || common_name.find('.') != std::string_view::npos;
    if (is_host && !common_name.starts_with('*') && common_name.find(' ') == std::string_view::npos)
        out.say(who, hostname, host_of(common_name), "tls certificate", 40);
}

}   // namespace

void from(const event::Http& exchange, const Conversation&, Statements& out) {
    if (exchange.request_seen) user_agent(exchange.http_user_agent, "http user agent", out);
    if (!exchange.status) return;
    banner(Side::server, exchange.server, "http server header", out);
    out.say(Side::server, software, exchange.x_powered_by, "http powered by", 45);
}

void from(const event::TlsHandshake& handshake, const Conversation&, Statements& out) {
    if (handshake.certificate) certificate(*handshake.certificate, Side::server, out);
    if (handshake.client_certificate) certificate(*handshake.client_certificate, Side::client, out);
}

void from(const event::Ssh& introduction, const Conversation&, Statements& out) {
    const auto introduce = [&](Side who, const event::SshSide& side) {
        out.say(who, software, side.software_version, "ssh software version", 60);
        out.say(who, operating_system, operating_system_in(side.software_version), "ssh software version",
                60);
        out.say(who, manufacturer, maker_in(side.software_version), "ssh software version", 60);
        if (side.software_version.starts_with("Cisco"))
            out.say(who, role, roles::network_gear, "ssh software version", 60);
    };
    introduce(Side::client, introduction.client);
    introduce(Side::server, introduction.server);
}

void from(const event::Ftp& command, const Conversation&, Statements& out) {
    banner(Side::server, command.server, "ftp greeting", out);
}

void from(const event::Smtp& mail, const Conversation&, Statements& out) {
    out.say(Side::server, software, mail.server, "smtp greeting", 45);
    if (!mail.server.empty()) out.say(Side::server, role, roles::server, "takes mail", 60);
    out.say(Side::client, hostname, host_of(mail.helo), "smtp HELO", 35);
}

void from(const event::Sip& exchange, const Conversation&, Statements& out) {
    constexpr std::string_view source = "sip user agent";
    out.say(Side::client, software, exchange.user_agent, source, 55);
    out.say(Side::client, manufacturer, maker_in(exchange.user_agent), source, 60);
    out.say(Side::client, role, role_in(exchange.user_agent), source, 70);
    if (exchange.method == "REGISTER" && !exchange.user_agent.empty())
        out.say(Side::client, role, roles::phone, "registers for calls", 55);
    if (!exchange.code) return;
    out.say(Side::server, software, exchange.server, "sip server", 55);
    out.say(Side::server, role, role_in(exchange.server), "sip server", 60);
    // RFC 3261, 10: whoever answers a REGISTER knows where the phones are.
    if (exchange.method == "REGISTER") out.say(Side::server, role, roles::server, "registers phones", 65);
}

void from(const event::SyslogMessage& message, const Conversation&, Statements& out) {
    // A relay passes on the names of others.
    out.say(message.from, hostname, host_of(message.hostname), "syslog host name", 35);
}

void from(const event::AtnaAudit& audit, const Conversation&, Statements& out) {
    out.say(Side::client, identifier, audit.source_id, "atna audit source", 55);
    out.say(Side::client, location, audit.site_id, "atna site", 40);
}

}   // namespace ward::devices
