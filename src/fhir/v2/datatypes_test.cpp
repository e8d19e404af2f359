// SPDX-License-Identifier: Apache-2.0
// Data types, through segments that have them.
#include "fhir/v2/datatypes.hpp"

#include <gtest/gtest.h>

#include "fhir/v2/hospital_test.hpp"

namespace ward::fhir::v2 {
namespace {

std::string telecom(std::string_view field) {
    const auto message = mapped(admission("PID|1||77||||||||||" + std::string{field} + "\r"));
    return std::string{message("Patient")["telecom"].raw()};
}

TEST(V2ContactPoints, AreOfAllVersions) {
    EXPECT_EQ(telecom("(555)0100"), R"([{"system":"phone","value":"(555)0100","use":"home"}])");
    EXPECT_EQ(telecom("^PRN^PH^^1^555^0100^7"),
              R"([{"system":"phone","value":"+1 555 0100 X7","use":"home"}])");
    EXPECT_EQ(telecom("^PRN^PH^^^^^^^^^+1 555 0100"),
              R"([{"system":"phone","value":"+1 555 0100","use":"home"}])");
    EXPECT_EQ(telecom("^NET^Internet^ada@example.org"),
              R"([{"system":"email","value":"ada@example.org","use":"home"}])");
    EXPECT_EQ(telecom("^PRS^CP^^^555^0100"), R"([{"system":"phone","value":"555 0100","use":"mobile"}])");
    EXPECT_EQ(telecom("^^BP^^^^^^^^^17"), R"([{"system":"pager","value":"17","use":"home"}])");
    EXPECT_EQ(telecom("^PRN^PH"), "");
}

TEST(V2Numbers, AreSpelledAsJsonWants) {
    EXPECT_EQ(json_number("7"), "7");
    EXPECT_EQ(json_number("+007.50"), "7.50");
    EXPECT_EQ(json_number("-.5"), "-0.5");
    EXPECT_EQ(json_number("3."), "3");
    for (const auto* const text : {"", ".", "-", "1e5", "1,5", "7 mg", "0x1", "1.2.3"})
        EXPECT_EQ(json_number(text), std::nullopt) << text;
    EXPECT_EQ(json_number(std::string(100, '1')), std::nullopt);
}

TEST(V2Concepts, KeepAllThatTheSenderSaid) {
    const auto message =
        mapped(admission("PID|1||77|||||||||||||M^Married^HL70002^V^Verheiratet^L^2.5^^verheiratet\r"));
    EXPECT_EQ(
        message("Patient")["maritalStatus"].raw(),
        R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M",)"
        R"("display":"Married"},{"system":"http://terminology.hl7.org/CodeSystem/v2-0002","version":"2.5",)"
        R"("code":"M","display":"Married"},{"system":"L","code":"V","display":"Verheiratet"}],)"
        R"("text":"verheiratet"})");
}

TEST(V2Concepts, OfAKnownTableNeedNoSystem) {
    const auto message = mapped(admission("PID|1||77|||||||||||||M\r"));
    EXPECT_EQ(
        message("Patient")["maritalStatus"].raw(),
        R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"}]})");
}

TEST(V2CodeSystems, AreUrisWhereTheyAreKnown) {
    EXPECT_EQ(code_system_uri("LN"), "http://loinc.org");
    EXPECT_EQ(code_system_uri("ln"), "http://loinc.org");
    EXPECT_EQ(code_system_uri("HL70078"), "http://terminology.hl7.org/CodeSystem/v2-0078");
    EXPECT_EQ(code_system_uri("99HOUSE"), "99HOUSE");
    EXPECT_EQ(code_system_uri("NIST MPI"), "NIST%20MPI");
}

TEST(V2Identifiers, NameTheirAuthority) {
    const auto identifier = [](std::string_view field) {
        const auto message = mapped(admission("PID|1||" + std::string{field} + "\r"));
        return std::string{(*message("Patient")["identifier"].items().begin()).raw()};
    };
    EXPECT_EQ(identifier("7^^^NORTH"), R"({"system":"NORTH","value":"7"})");
    EXPECT_EQ(identifier("7^^^&1.2.3&ISO"), R"({"system":"urn:oid:1.2.3","value":"7"})");
    EXPECT_EQ(identifier("7^^^NORTH MPI&1.2.3&ISO"), R"({"system":"urn:oid:1.2.3","value":"7"})");
    EXPECT_EQ(identifier("7^^^^^^20200101^2021"),
              R"({"value":"7","period":{"start":"2020-01-01","end":"2021"}})");
    // A laboratory that assigns numbers is an organization, not a name space.
    EXPECT_EQ(
        identifier("7^^^Lab&12D4567890&CLIA^PI"),
        R"({"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PI"}]},)"
        R"("assigner":{"reference":"Organization/r5"},"value":"7"})");
}

TEST(V2Practitioners, AreTheSameWhereverTheyAreNamed) {
    const auto message = mapped(
        admission("PID|1||77\rPV1|1|I|4W||||9^Gray^Eva^^^Dr^MD^^EHR|9^Gray^Eva^^^Dr^MD^^EHR|^Brown\r"));
    EXPECT_EQ(message.count("Practitioner"), 2u);
    EXPECT_EQ(message.identity("Practitioner", 0), "Practitioner|EHR|9");
    // Without a number, a name is nobody whom another message could mean.
    EXPECT_EQ(message.identity("Practitioner", 1), "Practitioner|message|urn:oid:1.2.3|M1|^Brown");
}

TEST(V2Locations, AreWithinEachOther) {
    const auto message = mapped(admission("PID|1||77\rPV1|1|I|4W^12^B^NORTH\r"));
    ASSERT_EQ(message.count("Location"), 4u);
    EXPECT_EQ(message("Location", 3)["partOf"]["reference"].text(),
              "Location/" + std::string{message("Location", 2)["id"].text()});
    EXPECT_EQ(message.identity("Location", 3), "Location|urn:oid:1.2.3|NORTH/4W/12/B");
}

}   // namespace
}   // namespace ward::fhir::v2
