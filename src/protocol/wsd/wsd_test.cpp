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
// Recorded: wsdd 0.7.0, which speaks as a Windows computer does.
const std::string preface = R"(<?xml version="1.0" encoding="utf-8"?><soap:Envelope)"
                            R"( xmlns:soap="http://www.w3.org/2003/05/soap-envelope")"
                            R"( xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing")"
                            R"( xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery")"
                            R"( xmlns:wsx="http://schemas.xmlsoap.org/ws/2004/09/mex")"
                            R"( xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof")"
                            R"( xmlns:pnpx="http://schemas.microsoft.com/windows/pnpx/2005/10")"
                            R"( xmlns:pub="http://schemas.microsoft.com/windows/pub/2005/07"><soap:Header>)";
const std::string computer =
    preface +
    R"(<wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To>)"
    R"(<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Hello</wsa:Action>)"
    R"(<wsa:MessageID>urn:uuid:62f4dc9a-eb57-11f1-9526-02005e005301</wsa:MessageID>)"
    R"(<wsd:AppSequence InstanceId="1795889598" SequenceId="urn:uuid:62f4de02-eb57-11f1-9526-02005e)"
    R"(005301" MessageNumber="0" /></soap:Header><soap:Body><wsd:Hello><wsa:EndpointReference>)"
    R"(<wsa:Address>urn:uuid:00000000-0000-4000-8000-02005e005301</wsa:Address>)"
    R"(</wsa:EndpointReference>)"
    R"(<wsd:XAddrs>http://192.0.2.1:5357/00000000-0000-4000-8000-02005e005301</wsd:XAddrs>)"
    R"(<wsd:MetadataVersion>1</wsd:MetadataVersion></wsd:Hello></soap:Body></soap:Envelope>)";
const std::string match =
    preface +
    R"(<wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To>)"
    R"(<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action>)"
    R"(<wsa:MessageID>urn:uuid:74b63ab4-eb57-11f1-a031-02005e005301</wsa:MessageID>)"
    R"(<wsa:RelatesTo>urn:uuid:00000000-0000-4000-8000-000000000007</wsa:RelatesTo>)"
    R"(<wsd:AppSequence InstanceId="1795889626" SequenceId="urn:uuid:74b63cee-eb57-11f1-a031-02005e)"
    R"(005301" MessageNumber="1" /></soap:Header><soap:Body><wsd:ProbeMatches><wsd:ProbeMatch>)"
    R"(<wsa:EndpointReference>)"
    R"(<wsa:Address>urn:uuid:00000000-0000-4000-8000-02005e005301</wsa:Address>)"
    R"(</wsa:EndpointReference><wsd:Types>wsdp:Device pub:Computer</wsd:Types>)"
    R"(<wsd:MetadataVersion>1</wsd:MetadataVersion></wsd:ProbeMatch></wsd:ProbeMatches>)"
    R"(</soap:Body></soap:Envelope>)";
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
    EXPECT_EQ(told.endpoint_reference, "urn:uuid:00000000-0000-4000-8000-02005e005301");
    EXPECT_THAT(told.x_addresses, ElementsAre("http://192.0.2.1:5357/{id}"));
}

TEST(Wsd, TellsWhatADeviceIsThatWasLookedFor) {
    Bed talk{open_session()};
    talk.client(match);
    EXPECT_EQ(talk.one<Wsd>().action, "ProbeMatches");
    EXPECT_EQ(talk.one<Wsd>().endpoint_reference, "urn:uuid:00000000-0000-4000-8000-02005e005301");
    EXPECT_THAT(talk.one<Wsd>().types, ElementsAre("wsdp:Device", "pub:Computer"));
}

TEST(Wsd, TellsNobodyWhomAUriNames) {
    Bed talk{open_session()};
    talk.client(envelope(
        "Hello",
        "<wsd:Types>dn:NetworkVideoTransmitter Haddad:Haddad</wsd:Types>"
        "<wsa:EndpointReference><wsa:Address>http://h/patient/Haddad</wsa:Address></wsa:EndpointReference>"
        "<wsd:Scopes>SDC.CTXT.PAT:/h/MRN-4711 Sdc.Ctxt.Opr:/h/haddad http://x.example/Haddad "
        "x:/patient/Haddad?n=Haddad onvif://www.onvif.org/type/ptz</wsd:Scopes>"
        "<wsd:XAddrs>http://10.0.0.5:80/patient/Haddad?mrn=4711</wsd:XAddrs>"));
    const auto& told = talk.one<Wsd>();
    EXPECT_THAT(told.scopes,
                ElementsAre("http://x.example/{id}", "x:/patient/{id}", "onvif://www.onvif.org/type/ptz"));
    EXPECT_THAT(told.x_addresses, ElementsAre("http://10.0.0.5:80/patient/{id}?mrn"));
    EXPECT_EQ(told.endpoint_reference, "http://h/patient/{id}");
    EXPECT_THAT(told.types, ElementsAre("dn:NetworkVideoTransmitter", "{id}:{id}"));
    EXPECT_EQ(talk.out.patient_messages, 1u);
    for (const char* person : {"4711", "addad"}) EXPECT_THAT(talk.json(), Not(HasSubstr(person)));
}

// WS-Transfer has the same action.
TEST(Wsd, AnAnswerWithoutMetadataIsNone) {
    Bed talk{open_session()};
    talk.client(envelope("GetResponse", "<wsd:Types>dpws:Device</wsd:Types>"));
    EXPECT_THAT(talk.all<Wsd>(), IsEmpty());
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

class Commands : public ::testing::Test {
protected:
    static std::string soap(std::string_view first, const std::string& body) {
        return std::string{first} + "\r\nHost: h\r\nContent-Type: application/soap+xml\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    void post(const std::string& action, const std::string& answer) {
        talk_.client(soap("POST /sdc HTTP/1.1",
                          "<s:Envelope><s:Header><wsa:Action>http://standards.ieee.org/downloads/11073/"
                          "11073-20701-2018/" +
                              action +
                              "</wsa:Action></s:Header><s:Body><m:SetValue><m:RequestedNumericValue>47.11"
                              "</m:RequestedNumericValue></m:SetValue></s:Body></s:Envelope>"));
        talk_.server(soap("HTTP/1.1 200 OK", "<s:Body>" + answer + "</s:Body>"));
    }
    Bed talk_{http::open_session()};
};

TEST_F(Commands, ToMedicalDevicesAreToldWithTheirAnswer) {
    post("SetService/SetValue", "<m:InvocationInfo><m:InvocationState>Wait</m:InvocationState>");
    EXPECT_EQ(talk_.one<Sdc>().action, "SetValue");
    EXPECT_EQ(talk_.one<Sdc>().invocation_state, "Wait");
    EXPECT_THAT(talk_.json(), Not(HasSubstr("47.11")));
}

TEST_F(Commands, AreToldWithoutAnAnswerThatNoStandardLists) {
    post("ContextService/SetContextState", "<m:InvocationState>Haddad</m:InvocationState>");
    EXPECT_EQ(talk_.one<Sdc>().action, "SetContextState");
    EXPECT_THAT(talk_.one<Sdc>().invocation_state, IsEmpty());
}

TEST_F(Commands, AreNoQuestions) {
    post("GetService/GetMdib", "<m:GetMdibResponse/>");
    EXPECT_THAT(talk_.all<Sdc>(), IsEmpty());
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
    for (int i = 0; i < 100; ++i) words += " urn:oid:1.2.3.4." + std::to_string(i);
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
