// SPDX-License-Identifier: Apache-2.0
#include "devices/statements.hpp"

#include "devices/from.hpp"
#include "devices/words.hpp"

namespace ward::devices {
namespace {

template <class T>
bool learn_if(const event::Event& event, Statements& out) {
    const auto* payload = event.what.as<T>();
    if (payload != nullptr) from(*payload, event.between, out);
    return payload != nullptr;
}

template <class... T>
void learn_any_of(const event::Event& event, Statements& out) {
    (learn_if<T>(event, out) || ...);
}

}   // namespace

void Statements::say(const Subject& who, Attribute attribute, std::string_view value, std::string_view source,
                     unsigned confidence) {
    value = trimmed(value);
    if (value.empty()) return;
    all.push_back({who, attribute, std::string{value}, source, static_cast<std::uint8_t>(confidence)});
}

std::optional<Side> speaker_at(std::uint16_t port, const Conversation& between) {
    const bool client = between.client.port == port;
    const bool server = between.server.port == port;
    if (client == server) return std::nullopt;
    return client ? Side::client : Side::server;
}

void learn(const event::Event& event, Statements& out) {
    using namespace event;
    learn_any_of<Flow, Http, Hl7Message, Fhir, DicomOperation, DicomAssociation, TlsHandshake, Dns, Dhcp, Smb,
                 Dcerpc, Ldap, Krb5, AstmTransmission, Poct1aMessage, IntellivueMonitor, IntellivueExport,
                 Sdc, Wsd, Mdns, Ssdp, Nbns, Snmp, Bacnet, Modbus, Ssh, Ftp, Smtp, Sip, SyslogMessage,
                 AtnaAudit, Dhcpv6, Carescape>(event, out);
}

}   // namespace ward::devices
