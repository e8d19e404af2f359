// SPDX-License-Identifier: Apache-2.0
// What each kind of event says of client and server, one by one.
#include "devices/from.hpp"

#include <array>

#include "devices/ear_test.hpp"

namespace ward::devices {
namespace {

using enum Attribute;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// "server role: printer" for each statement.
std::vector<std::string> said(event::Payload what, std::uint16_t client_port = 50000,
                              std::uint16_t server_port = 80) {
    const auto client = host("10.2.0.1", 1, client_port);
    const auto server = host("10.2.0.9", 2, server_port);
    const event::Event event{{}, 1, {1, client, server, 6, 0, {}, {}}, std::move(what)};
    Statements statements;
    learn(event, statements);
    std::vector<std::string> all;
    for (const auto& statement : statements.all) {
        constexpr std::string_view kinds[] = {"client", "server", "hardware", "address"};
        all.push_back(std::string{kinds[static_cast<std::size_t>(statement.who.kind)]} + " " +
                      std::string{name(statement.attribute)} + ": " + statement.value);
    }
    return all;
}

/// What a flow tells of services, by the flags that each side was seen to send.
std::vector<std::string> flow_said(std::uint8_t to_server, std::uint8_t to_client) {
    event::Flow flow;
    flow.packets_to_server = flow.packets_to_client = 3;
    flow.tcp = event::TcpEnd{"established", to_server, to_client, 0, 0, 0, 0, false};
    return said(std::move(flow), 50000, 9100);
}

TEST(From, AConnectionIsTakenByTheServersSynWhateverElseItSends) {
    const auto taken = UnorderedElementsAre("server service: 9100/tcp", "client service_used: 9100/tcp",
                                            "server role: printer");
    for (const auto to_client : std::to_array<std::uint8_t>({0x12, 0x1a, 0x1b, 0x13, 0x17, 0x1e, 0x52, 0xda}))
        EXPECT_THAT(flow_said(0x1b, to_client), taken) << int{to_client};
}

TEST(From, WhatTheServerNeverTookIsNoService) {
    // Of a reset, and of acknowledgements of what nobody saw begin.
    for (const auto to_client :
         std::to_array<std::uint8_t>({0x14, 0x04, 0x10, 0x18, 0x1c, 0x11, 0x19, 0x1d, 0x3c}))
        EXPECT_THAT(flow_said(0x02, to_client), IsEmpty()) << int{to_client};
}

TEST(From, ACarescapeMonitorTellsItsBed) {
    event::Carescape announced;
    announced.message = "time";
    announced.unit = "ICU";
    announced.bed = "BED4";
    EXPECT_THAT(said(announced, 7000, 7000),
                UnorderedElementsAre("client manufacturer: GE HealthCare", "client location: ICU BED4",
                                     "client role: patient monitor"));
}

TEST(From, AnSnmpAnswerTellsOfTheServerATrapOfTheClient) {
    event::Snmp snmp;
    snmp.pdu_type = "get_request";
    snmp.sys_descr = "Cisco IOS Software, C2960 Software";
    EXPECT_THAT(said(snmp), IsEmpty());   // nobody answered
    snmp.error_status = 0;
    EXPECT_THAT(said(snmp), UnorderedElementsAre("server software: Cisco IOS Software, C2960 Software",
                                                 "server manufacturer: Cisco", "server role: network gear"));
    snmp = {};
    snmp.pdu_type = "trap";
    snmp.sys_object_id = "1.3.6.1.4.1.641.2";
    EXPECT_THAT(said(snmp), UnorderedElementsAre("client manufacturer: Lexmark", "client role: printer"));
}

TEST(From, NtlmNamesTheServerInItsChallengeAndTheClientInItsAnswer) {
    event::Smb smb;
    smb.ntlmssp = event::NtlmNames{};
    smb.ntlmssp->host = "SRV1";
    smb.ntlmssp->dns_host = "srv1.hospital.example";
    smb.ntlmssp->dns_domain = "hospital.example";
    smb.ntlmssp->version = "10.0.17763";
    EXPECT_THAT(said(smb), UnorderedElementsAre("server hostname: SRV1", "server domain: hospital.example",
                                                "server operating_system: Windows 10.0.17763"));
    smb.ntlmssp = event::NtlmNames{};
    smb.ntlmssp->host = "WARD10-PC";
    smb.ntlmssp->version = "6.1.0";
    EXPECT_THAT(said(smb), UnorderedElementsAre("client hostname: WARD10-PC",
                                                "client software: Samba or another SMB of its own"));
}

TEST(From, ACertificateNamesItsMaker) {
    event::TlsHandshake handshake;
    handshake.certificate = event::Certificate{};
    handshake.certificate->subject = "C=DE, O=Draegerwerk AG, CN=Dräger Infinity 4";
    EXPECT_THAT(said(handshake), UnorderedElementsAre("server manufacturer: Dräger"));

    handshake.certificate->subject = "O=Example Hospital, CN=pacs.hospital.example";
    EXPECT_THAT(said(handshake), UnorderedElementsAre("server hostname: pacs"));
}

TEST(From, APersonsCertificateIsNoHostName) {
    event::TlsHandshake handshake;
    handshake.client_certificate = event::Certificate{};
    handshake.client_certificate->subject = "O=Example Hospital, CN=nurse7";
    EXPECT_THAT(said(handshake), IsEmpty());
    handshake.client_certificate->subject = "O=Example Hospital, CN=pump7.hospital.example";
    EXPECT_THAT(said(handshake), UnorderedElementsAre("client hostname: pump7"));
}

TEST(From, AnOfferOfDhcpBeginsAConversationSoThePortTellsTheServer) {
    event::Dhcp offer;
    offer.type = "reply";
    EXPECT_THAT(said(offer, 67, 68), UnorderedElementsAre("client role: server"));
    EXPECT_THAT(said(offer, 68, 67), UnorderedElementsAre("server role: server"));
    EXPECT_THAT(said(offer, 67, 67), IsEmpty());
}

TEST(From, SsdpIsAnsweredFromItsPort) {
    event::Ssdp answer;
    answer.status = 200;
    answer.target = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
    EXPECT_THAT(said(answer, 50000, 1900), UnorderedElementsAre("server role: network gear"));
    EXPECT_THAT(said(answer, 1900, 50000), UnorderedElementsAre("client role: network gear"));
    EXPECT_THAT(said(answer, 50000, 50001), IsEmpty());
}

TEST(From, ACameraAnnouncesItself) {
    event::Wsd hello;
    hello.action = "Hello";
    hello.types = {"dn:NetworkVideoTransmitter"};
    EXPECT_THAT(said(hello), UnorderedElementsAre("client role: camera"));
    hello.action = "Probe";
    EXPECT_THAT(said(hello), IsEmpty());
}

TEST(From, SdcTellsWhatAMedicalDeviceIsAndWhereItStands) {
    event::Sdc metadata;
    metadata.action = "GetResponse";
    metadata.manufacturer = "Example Medical";
    metadata.model_name = "Ventilator 5";
    metadata.serial_number = "V5-1";
    metadata.location = "fac=HOSP&poc=ICU&bed=4";
    EXPECT_THAT(said(metadata),
                UnorderedElementsAre("server manufacturer: Example Medical", "server model: Ventilator 5",
                                     "server serial: V5-1", "server location: fac=HOSP&poc=ICU&bed=4",
                                     "server role: ventilator", "server role: medical device"));
}

TEST(From, APrinterAnnouncesItselfOverMdns) {
    event::Mdns response;
    response.type = "response";
    response.services = {
        {"Lab printer._ipp._tcp.local", "lab7.local", 631, {"ty=LaserJet 4250", "usb_MFG=HP"}}};
    EXPECT_THAT(said(response),
                testing::IsSupersetOf({"client hostname: lab7", "client role: printer",
                                       "client model: LaserJet 4250", "client manufacturer: HP"}));
    response.type = "query";
    EXPECT_THAT(said(response), IsEmpty());
}

TEST(From, AnIntellivueMonitorTellsAllOfItself) {
    event::IntellivueMonitor monitor;
    monitor.kind = "connect_indication";
    monitor.model = "MX800";
    monitor.serial = "DE1234";
    monitor.bed_label = "ICU 4";
    EXPECT_THAT(said(monitor), UnorderedElementsAre("client manufacturer: Philips", "client model: MX800",
                                                    "client serial: DE1234", "client location: ICU 4",
                                                    "client role: patient monitor"));
}

TEST(From, APointOfCareDeviceSaysHello) {
    event::Poct1aMessage hello;
    hello.device = event::Poct1aDevice{};
    hello.device->vendor_id = "RDM";
    hello.device->serial_id = "G-1";
    EXPECT_THAT(said(hello), testing::IsSupersetOf({"client manufacturer: RDM", "client serial: G-1",
                                                    "client role: analyser"}));
}

TEST(From, AMachineAccountOfKerberosIsAHostAPersonIsNot) {
    event::Krb5 request;
    request.cname = "WARD10-PC$";
    request.realm = "HOSPITAL.EXAMPLE";
    EXPECT_THAT(said(request),
                UnorderedElementsAre("client hostname: WARD10-PC", "client domain: HOSPITAL.EXAMPLE"));
    request.cname = "somebody";
    request.msg_type = "KRB_AS_REP";
    EXPECT_THAT(said(request), UnorderedElementsAre("server role: server"));
}

TEST(From, AnIAmIsItsSendersOnlyWhereItIsBroadcast) {
    event::Bacnet announcement;
    announcement.device_instance = 108;
    EXPECT_THAT(said(announcement), IsEmpty());

    const Endpoint everyone{v4_in("10.2.0.255"), 47808, mac(0xffffff, 0xffffff)};
    const event::Event event{{}, 1, {1, host("10.2.0.1", 1), everyone, 17, 0, {}, {}}, announcement};
    Statements statements;
    learn(event, statements);
    ASSERT_EQ(statements.all.size(), 2u);
    EXPECT_EQ(statements.all[0].value, "bacnet device 108");
}

TEST(From, TheHospitalsDnsNamesItsDevicesNotTheInternet) {
    event::Dns lookup;
    lookup.rcode = "NOERROR";
    lookup.answers = {{"pacs.hospital.example", "A", 60, "10.2.0.7"},
                      {"example.com", "A", 60, "93.184.216.34"}};
    EXPECT_THAT(said(lookup), UnorderedElementsAre("address hostname: pacs"));
}

TEST(From, APhoneRegisters) {
    event::Sip call;
    call.method = "REGISTER";
    call.user_agent = "Yealink SIP-T46G";
    call.code = 200;
    EXPECT_THAT(said(call),
                UnorderedElementsAre("client software: Yealink SIP-T46G", "client manufacturer: Yealink",
                                     "client role: phone", "client role: phone", "server role: server"));
}

}   // namespace
}   // namespace ward::devices
