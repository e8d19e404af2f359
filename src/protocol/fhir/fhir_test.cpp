// SPDX-License-Identifier: Apache-2.0
#include "protocol/fhir/fhir.hpp"

#include "protocol/bed_test.hpp"
#include "protocol/http/http.hpp"

namespace ward::protocol::fhir {
namespace {

using event::Fhir;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Pseudonymise by_key = [](std::string_view id) {
    return event::Pseudonym{"key:" + std::to_string(id.size())};
};

std::string request(const std::string& line, const std::string& body = "", const std::string& type = "json") {
    return line + " HTTP/1.1\r\nHost: fhir\r\nUser-Agent: rounds-app/1.3\r\nAccept: application/fhir+" +
           type + "\r\n" + (body.empty() ? "" : "Content-Type: application/fhir+" + type + "\r\n") +
           "Authorization: Bearer invented\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}
std::string response(const std::string& body, const std::string& type = "application/fhir+json") {
    return "HTTP/1.1 200 OK\r\nServer: HAPI\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
const std::string observation =
    R"({"resource": {"resourceType": "Observation", "subject": {"reference": "Patient/PID1001"}}})";
const std::string bundle =
    R"({"resourceType": "Bundle", "type": "searchset", "link": [{"url": "x"}, {"url": "y"}], "total": 20,)"
    R"( "entry": [)" +
    observation + ", " + observation + "]}";

Bed bed() {
    Bed talk{http::open_session()};
    talk.out.pseudonymise = &by_key;
    return talk;
}

TEST(Fhir, TellsASearchAndWhatItFound) {
    auto talk = bed();
    talk.client(request("GET /fhir/Observation?patient=PID7&_count=25")).server(response(bundle));
    const auto& told = talk.one<Fhir>();
    EXPECT_EQ(told.interaction, "search-type");
    EXPECT_EQ(told.resource_type, "Observation");
    EXPECT_EQ(told.base, "/fhir");
    EXPECT_THAT(told.parameters, ElementsAre("patient", "_count"));
    EXPECT_EQ(told.patient.text, "key:4");
    EXPECT_EQ(told.response_type, "Bundle");
    EXPECT_EQ(told.total, 20u);
    EXPECT_EQ(told.entries, 2u);
    EXPECT_EQ(told.status, 200);
    EXPECT_EQ(told.client, "rounds-app/1.3");
    EXPECT_EQ(told.server, "HAPI");
    EXPECT_TRUE(told.authorization);
    EXPECT_EQ(told.format, "json");
    EXPECT_EQ(talk.out.patient_items, 3u);   // in the URL, and in two references
    EXPECT_THAT(talk.json(), Not(HasSubstr("PID1")));
}

struct Row {
    const char* line;
    std::string_view interaction;
    std::string_view type;
};
class FhirInteraction : public testing::TestWithParam<Row> {};

TEST_P(FhirInteraction, IsNamedAsInTheStandard) {
    auto talk = bed();
    talk.client(request(GetParam().line)).end();
    EXPECT_EQ(talk.one<Fhir>().interaction, GetParam().interaction);
    EXPECT_EQ(talk.one<Fhir>().resource_type, GetParam().type);
    EXPECT_THAT(talk.json(), Not(HasSubstr("p1")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}
INSTANTIATE_TEST_SUITE_P(
    HttpHtml, FhirInteraction,
    testing::Values(
        Row{"GET /r4/Patient/p1", "read", "Patient"},
        Row{"GET /r4/Patient/p1/_history/p12", "vread", "Patient"},
        Row{"PUT /r4/Patient/p1", "update", "Patient"}, Row{"PATCH /r4/Patient/p1", "patch", "Patient"},
        Row{"DELETE /r4/Device/p1", "delete", "Device"}, Row{"POST /r4/Encounter", "create", "Encounter"},
        Row{"GET /r4/Patient/p1/_history", "history-instance", "Patient"},
        Row{"GET /r4/Patient/_history", "history-type", "Patient"},
        Row{"GET /r4/_history", "history-system", ""}, Row{"GET /r4/metadata", "capabilities", ""},
        Row{"POST /r4/Patient/_search", "search-type", "Patient"},
        Row{"GET /r4/Patient/p1/$everything", "operation", "Patient"},
        Row{"GET /r4/Patient/p1/Condition", "search-compartment", "Condition"},
        Row{"GET /r4/Patient/p1/*", "search-compartment", "Patient"},
        Row{"GET /r4/Patient/p1/P1HADDAD", "", "Patient"}, Row{"GET /r4/Task/p1", "read", "Task"},
        Row{"PUT /r4/VisionPrescription/p1", "update", "VisionPrescription"},
        Row{"GET /r5/DeviceUsage/p1", "read", "DeviceUsage"}));

TEST(Fhir, ABundleThatIsPostedIsABatchOrATransaction) {
    auto talk = bed();
    talk.client(request("POST /fhir", R"({"resourceType":"Bundle","type":"transaction","entry":[]})"));
    talk.client(request("POST /fhir/", R"({"resourceType":"Bundle","type":"batch"})")).end();
    EXPECT_EQ(talk.all<Fhir>()[0]->interaction, "transaction");
    EXPECT_EQ(talk.all<Fhir>()[1]->interaction, "batch");
}

TEST(Fhir, NothingElseThatIsPostedIsABatch) {
    auto talk = bed();
    talk.client(request("POST /fhir", R"({"resourceType":"Observation","status":"final"})"));
    talk.client(request("POST /fhir", R"({"resourceType":"Bundle","type":"document"})"));
    talk.client(request("POST /fhir/Bundle", R"({"resourceType":"Bundle","type":"batch"})")).end();
    EXPECT_EQ(talk.all<Fhir>()[0]->interaction, "");
    EXPECT_EQ(talk.all<Fhir>()[0]->resource_type, "Observation");
    EXPECT_EQ(talk.all<Fhir>()[1]->interaction, "");
    EXPECT_EQ(talk.all<Fhir>()[2]->interaction, "create");
}

TEST(Fhir, ABodyNamesTypesAndVersionsOfFhirOrNothing) {
    auto talk = bed();
    talk.client(request("GET /fhir/metadata"));
    talk.server(response(R"({"resourceType":"HADDAD","fhirVersion":"NADIA"})"));
    talk.client(request("GET /fhir/metadata"));
    talk.server(response(R"({"resourceType":"CapabilityStatement","fhirVersion":"NADIA"})"));
    talk.client(request("GET /fhir/metadata"));
    talk.server(response(R"({"resourceType":"CapabilityStatement","fhirVersion":"4.0.1"})"));
    EXPECT_EQ(talk.all<Fhir>()[2]->fhir_version, "4.0.1");
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("NADIA")));
}

TEST(Fhir, WhoCrossesInClearIsCountedWithOrWithoutAKey) {
    Bed talk{http::open_session()};
    talk.client(request("PUT /fhir/Patient/p1", R"({"resourceType":"Patient","birthDate":"1959-03-07"})"));
    talk.server(response(R"({"resourceType":"OperationOutcome"})"));
    EXPECT_EQ(talk.out.patient_items, 2u);
    EXPECT_EQ(talk.out.patient_messages, 1u);
}

TEST(Fhir, CountsWhatNamesAPatientAndKeepsNoneOfIt) {
    auto talk = bed();
    talk.client(request("GET /fhir/Patient/p1"));
    talk.server(
        response(R"({"resourceType":"Patient","id":"p1","name":[{"family":"O\"Hara\\","given":["Ann"]}],)"
                 R"("telecom":[{"value":"555"}],"birthDate":"1959-03-07"})"));
    EXPECT_EQ(talk.out.patient_items, 5u);   // the URL, family, given, telecom, birthDate
    for (const char* value : {"Hara", "Ann", "555", "1959", "p1"})
        EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Fhir, ReadsXml) {
    auto talk = bed();
    talk.client(request("GET /fhir/Patient?name=ann", "", "xml"));
    talk.server(
        response(R"(<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"><type value="searchset"/>)"
                 R"(<total value="1"/><entry><resource><Patient><name><family value="O"/></name></Patient>)"
                 "</resource></entry></Bundle>",
                 "application/fhir+xml"));
    EXPECT_EQ(talk.one<Fhir>().total, 1u);
    EXPECT_EQ(talk.one<Fhir>().entries, 1u);
    EXPECT_EQ(talk.one<Fhir>().format, "xml");
    EXPECT_EQ(talk.out.patient_items, 1u);
}

TEST(Fhir, ReadsTheParametersOfASearchThatIsPosted) {
    auto talk = bed();
    const std::string form = "name=Ann&birthdate=1959&identifier=urn%3Amrn%7C4711";
    talk.client(
            "POST /fhir/Patient/_search HTTP/1.1\r\nHost: h\r\nContent-Type: "
            "application/x-www-form-urlencoded\r\n"
            "Content-Length: " +
            std::to_string(form.size()) + "\r\n\r\n" + form)
        .end();
    EXPECT_THAT(talk.one<Fhir>().parameters, ElementsAre("name", "birthdate", "identifier"));
    EXPECT_EQ(talk.one<Fhir>().patient.text, "key:4");
    EXPECT_FALSE(talk.one<Fhir>().authorization);
    EXPECT_THAT(talk.json(), Not(HasSubstr("Ann")));
}

TEST(Fhir, InflatesACompressedBody) {
    // gzip of {"resourceType":"OperationOutcome"}, made by Python.
    const auto packed =
        hex("1f8b0800000000000203ab562a4a2dce2f2d4a4e0da92c4855b252f22f48"
            "2d4a2cc9cccff32f2d49cecf4d55aa0500869f115923000000");
    auto talk = bed();
    talk.client(request("GET /fhir/Observation/o1"));
    talk.server(
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/fhir+json\r\nContent-Encoding: gzip\r\n"
        "Content-Length: " +
        std::to_string(packed.size()) + "\r\n\r\n" + packed);
    EXPECT_TRUE(talk.one<Fhir>().operation_outcome);
    EXPECT_EQ(talk.one<Fhir>().length, packed.size());
}

TEST(Fhir, IsSeenInABodyThatOnlySaysJson) {
    auto talk = bed();
    talk.client("GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n").server(response(bundle, "application/json"));
    EXPECT_EQ(talk.one<Fhir>().response_type, "Bundle");
}

TEST(Fhir, OtherApplicationsAreNotFhir) {
    auto talk = bed();
    for (const char* line : {"GET /Account/login", "GET /metadata", "GET /app/Devices", "POST /api/_search"})
        talk.client(std::string{line} + " HTTP/1.1\r\nHost: h\r\n\r\n")
            .server(response(R"({"a":1})", "application/json"));
    EXPECT_THAT(talk.all<Fhir>(), IsEmpty());
    EXPECT_EQ(talk.all<event::Http>().size(), 4u);
}

TEST(Fhir, PagesAndImagesAreNotFhirWhateverTheirPath) {
    auto talk = bed();
    for (const auto& [line, type] : {std::pair{"GET /Patient/Details/5", "text/html"},
                                     std::pair{"GET /Observation/logo.png", "image/png"}})
        talk.client(std::string{line} + " HTTP/1.1\r\nHost: h\r\n\r\n").server(response("x", type));
    EXPECT_THAT(talk.all<Fhir>(), IsEmpty());
    EXPECT_EQ(talk.out.patient_items, 0u);
}

TEST(Fhir, AnAnswerMayLeaveThePathAsItsOnlyEvidence) {
    auto talk = bed();
    const auto ask = [&](const char* path) -> Bed& {
        return talk.client(std::string{"GET "} + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    };
    ask("/Patient/p1").server(response("", "text/html"));
    ask("/Patient/p1").server(response("{}", "application/json"));
    ask("/api/r4/Patient/p1").server(response("x", "text/html"));
    ask("/hapi-fhir/Patient/p1").server(response("x", "text/html"));
    ask("/Patient/p1").end();
    EXPECT_EQ(talk.all<Fhir>().size(), 5u);
}

TEST(Fhir, AVersionIsANumber) {
    auto talk = bed();
    for (const char* version : {"4.0", "Haddad"})
        talk.client(
            std::string{"POST /fhir/Patient HTTP/1.1\r\nHost: h\r\nContent-Type: application/fhir+json; "
                        "fhirVersion="} +
            version + "\r\nContent-Length: 0\r\n\r\n");
    talk.end();
    EXPECT_EQ(talk.all<Fhir>()[0]->fhir_version, "4.0");
    EXPECT_EQ(talk.all<Fhir>()[1]->fhir_version, "");
}

TEST(Fhir, ASearchWithVeryManyParametersIsCut) {
    auto talk = bed();
    std::string line = "GET /fhir/Patient?a=1";
    for (int i = 0; i < 100; ++i) line += "&b=1";
    talk.client(request(line)).end();
    EXPECT_EQ(talk.one<Fhir>().parameters.size(), limits.parameters_max);
}

TEST(Fhir, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        http::open_session, {{Side::client, request("GET /fhir/Observation?patient=PID7&_count=25")},
                             {Side::server, response(bundle)}});
}

}   // namespace
}   // namespace ward::protocol::fhir
