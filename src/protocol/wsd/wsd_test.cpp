// SPDX-License-Identifier: Apache-2.0
#include "protocol/wsd/wsd.hpp"

#include "event/http.hpp"
#include "event/wsd.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/http/http.hpp"

namespace ward::protocol::wsd {
namespace {

using event::Sdc;
using event::Wsd;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string envelope(const std::string& action, const std::string& body) {
    return R"(<?xml version="1.0" encoding="utf-8"?><soap:Envelope )"
           R"(xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery"><soap:Header>)"
           "<wsa:ReplyTo><wsa:Address>"
           "urn:anonymous</wsa:Address></wsa:ReplyTo><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/"
           "discovery/" +
           action + "</wsa:Action></soap:Header><soap:Body>" + body + "</soap:Body></soap:Envelope>";
}
// As a Windows computer says it.
const std::string computer =
    envelope("Hello",
             "<wsd:Hello><wsa:EndpointReference><wsa:Address>urn:uuid:747f3d96-68a7-43f1-8cbe-e8d6dadd0358"
             "</wsa:Address></wsa:EndpointReference><wsd:Types>wsdp:Device pub:Computer</wsd:Types>"
             "<wsd:XAddrs>http://10.0.2.15:5357/747f3d96/</wsd:XAddrs></wsd:Hello>");
const std::string monitor = envelope(
    "ProbeMatches",
    "<wsd:Types>dpws:Device mdpws:MedicalDevice</wsd:Types><wsd:Scopes>sdc.mds.pkp:1.2.840.10004.20701.1.1"
    " sdc.ctxt.loc:/sdc.ctxt.loc.detail/HOSP%2FICU?fac=HOSP&amp;poc=ICU&amp;bed=4"
    " sdc.ctxt.pat:/hosp/4711 sdc.ctxt.opr:/hosp/haddad</wsd:Scopes>");

TEST(Wsd, TellsADevicesHello) {
    Bed talk{open_session()};
    talk.client(computer);
    const auto& told = talk.one<Wsd>();
    EXPECT_EQ(told.action, "Hello");
    EXPECT_EQ(told.endpoint_reference, "urn:uuid:747f3d96-68a7-43f1-8cbe-e8d6dadd0358");
    EXPECT_THAT(told.types, ElementsAre("wsdp:Device", "pub:Computer"));
    EXPECT_THAT(told.x_addresses, ElementsAre("http://10.0.2.15:5357/747f3d96/"));
}

TEST(Wsd, AMedicalDeviceIsToldWithItsPlaceAndWithoutItsPatient) {
    Bed talk{open_session()};
    talk.client(monitor);
    const auto& told = talk.one<Sdc>();
    EXPECT_THAT(talk.all<Wsd>(), IsEmpty());
    EXPECT_EQ(told.location, "fac=HOSP&poc=ICU&bed=4");
    EXPECT_EQ(told.scopes.size(), 2u);
    EXPECT_EQ(talk.out.patient_items, 1u);
    EXPECT_EQ(talk.out.patient_messages, 1u);
    for (const char* person : {"4711", "haddad"}) EXPECT_THAT(talk.json(), Not(HasSubstr(person)));
}

TEST(Wsd, ReadsADevicesMetadataOverHttp) {
    const auto metadata = envelope(
        "GetResponse",
        "<dpws:ThisModel><dpws:Manufacturer xml:lang=\"en\">Acme</dpws:Manufacturer><dpws:ModelName>Monitor 7"
        "</dpws:ModelName></dpws:ThisModel><dpws:ThisDevice><dpws:FirmwareVersion>2.1</dpws:FirmwareVersion>"
        "<dpws:SerialNumber>SN1</dpws:SerialNumber></dpws:ThisDevice><dpws:Types>mdpws:MedicalDevice</"
        "dpws:Types>");
    Bed talk{http::open_session()};
    talk.client("POST /d HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    talk.server("HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml; charset=utf-8\r\nContent-Length: " +
                std::to_string(metadata.size()) + "\r\n\r\n" + metadata);
    EXPECT_EQ(talk.one<event::Http>().status, 200);
    const auto& told = talk.one<Sdc>();
    EXPECT_EQ(told.manufacturer, "Acme");
    EXPECT_EQ(told.model_name, "Monitor 7");
    EXPECT_EQ(told.firmware_version, "2.1");
    EXPECT_EQ(told.serial_number, "SN1");
}

TEST(Wsd, ReadsOnlySoManyTags) {
    Bed talk{open_session()};
    std::string many;
    for (std::size_t i = 0; i < limits.tags_max; ++i) many += "<x>";
    talk.client(envelope("Hello", many + "<wsd:Types>late</wsd:Types>"));
    EXPECT_THAT(talk.one<Wsd>().types, IsEmpty());
    EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 0u);
}

TEST(Wsd, AListKeepsOnlySoMany) {
    Bed talk{open_session()};
    std::string words;
    for (int i = 0; i < 100; ++i) words += " x:T" + std::to_string(i);
    talk.client(
        envelope("Hello", "<wsd:Types>" + words + "</wsd:Types><wsd:Scopes>" + words + "</wsd:Scopes>"));
    EXPECT_EQ(talk.one<Wsd>().types.size(), limits.list_max);
    EXPECT_EQ(talk.one<Wsd>().scopes.size(), limits.list_max);
}

TEST(Wsd, SomethingElseIsMalformed) {
    Bed talk{open_session()};
    talk.client(computer.substr(0, 100));
    EXPECT_EQ(talk.out.violation, "no WS-Discovery message");
}

TEST(Wsd, IsRecognisedByItsNamespace) {
    EXPECT_EQ(probe(as_bytes(computer), Side::client), Verdict::yes);
    EXPECT_EQ(probe(as_bytes("<?xml version=\"1.0\"?><html>"), Side::client), Verdict::no);
    EXPECT_EQ(probe(as_bytes("\x30\x82"), Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::wsd
