// SPDX-License-Identifier: Apache-2.0
// Messages of each kind, as whole ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fhir/v2/hospital_test.hpp"

namespace ward::fhir::v2 {
namespace {

json::Value first(json::Value array) { return *array.items().begin(); }

TEST(MapResults, BecomeAReportOnARequestWithObservations) {
    const auto message = mapped(admission(
        "PID|1||77\r"
        "ORC|RE|P1^EHR|F1^LAB\r"
        "OBR|1|P1^EHR|F1^LAB|24323-8^Panel^LN|||20260131070000|||||||||9^Gray^Eva||||||20260131110000|||F\r"
        "OBX|1|NM|2345-7^Glucose^LN||5.60|mmol/L^mmol/L^UCUM|3.9-5.8|N|||F|||20260131070500\r"
        "NTE|1||Fasting\r"
        "OBX|2|ST|8251-1^Comment^LN||see above||||||P\r",
        "ORU^R01"));
    const auto report = message("DiagnosticReport");
    EXPECT_EQ(report["status"].text(), "final");
    EXPECT_EQ(report["issued"].text(), "2026-01-31T11:00:00+01:00");
    EXPECT_EQ(report["effectiveDateTime"].text(), "2026-01-31T07:00:00+01:00");
    EXPECT_EQ(report["result"].size(), 2u);
    EXPECT_EQ(first(report["basedOn"])["reference"].text(),
              "ServiceRequest/" + std::string{message("ServiceRequest")["id"].text()});
    const auto glucose = message("Observation");
    EXPECT_EQ(glucose["valueQuantity"].raw(),
              R"({"value":5.60,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"})");
    EXPECT_EQ(first(glucose["referenceRange"])["text"].text(), "3.9-5.8");
    EXPECT_EQ(first(first(glucose["interpretation"])["coding"])["code"].text(), "N");
    EXPECT_EQ(first(glucose["note"])["text"].text(), "Fasting");
    EXPECT_EQ(message("Observation", 1)["valueString"].text(), "see above");
    EXPECT_EQ(message("Observation", 1)["status"].text(), "preliminary");
    // Without a time of its own, that of the request.
    EXPECT_EQ(message("Observation", 1)["effectiveDateTime"].text(), "2026-01-31T07:00:00+01:00");
    EXPECT_EQ(message.identity("DiagnosticReport"), "DiagnosticReport|filler|LAB|F1|24323-8");
}

TEST(MapResults, AreFoundAgainWhenTheyAreCorrected) {
    const auto results = [](std::string_view value, std::string_view status) {
        return mapped(admission("PID|1||77\rOBR|1||F1^LAB|24323-8^Panel^LN\rOBX|1|NM|2345-7^Glucose^LN|1|" +
                                    std::string{value} + "||||||" + std::string{status} + "\r",
                                "ORU^R01"));
    };
    const auto before = results("5.6", "P");
    const auto after = results("6.5", "C");
    EXPECT_EQ(before.identity("Observation"), after.identity("Observation"));
    EXPECT_EQ(before.identity("DiagnosticReport"), after.identity("DiagnosticReport"));
    EXPECT_EQ(after("Observation")["status"].text(), "corrected");
}

TEST(MapResults, OfTheSameCodeWithoutASubIdStayApart) {
    const auto message = mapped(
        admission("PID|1||77\rOBR|1||F1|1^A\rOBX|1|ST|2^B||x||||||F\rOBX|2|ST|2^B||y||||||F\r", "ORU^R01"));
    EXPECT_EQ(message.count("Observation"), 2u);
    EXPECT_EQ(message.identity("Observation", 1), message.identity("Observation", 0) + "|2");
}

TEST(MapResults, AnswersAskedForWithTheOrderAreNotResults) {
    const auto message =
        mapped(admission("PID|1||77\rOBR|1||F1|1^A\rOBX|1|CWE|3^Pregnant^LN||N^No^HL70136||||||F||"
                         "||||||||||||||||QST\r",
                         "ORU^R01"));
    EXPECT_FALSE(message("DiagnosticReport")["result"].exists());
    EXPECT_EQ(message("ServiceRequest")["supportingInfo"].size(), 1u);
}

TEST(MapValues, AreWhatObx2Says) {
    const auto value = [](std::string_view type, std::string_view said) {
        const auto message = mapped(admission("PID|1||77\rOBX|1|" + std::string{type} + "|1^A||" +
                                              std::string{said} + "|mg||||||F\r"));
        std::string found;
        for (const auto member : message("Observation").members())
            if (member.key.starts_with("value") || member.key == "dataAbsentReason")
                found.append(member.key).append(":").append(member.value.raw());
        return found;
    };
    EXPECT_EQ(value("SN", "<^0.5"), R"(valueQuantity:{"comparator":"<","value":0.5,"unit":"mg"})");
    EXPECT_EQ(value("SN", "^1^-^3"),
              R"(valueRange:{"low":{"value":1,"unit":"mg"},"high":{"value":3,"unit":"mg"}})");
    EXPECT_EQ(value("SN", "^1^:^128"),
              R"(valueRatio:{"numerator":{"value":1,"unit":"mg"},"denominator":{"value":128,"unit":"mg"}})");
    EXPECT_EQ(value("SN", "^2^+"), R"(valueString:"2 + mg")");
    EXPECT_EQ(value("NM", "0007.50"), R"(valueQuantity:{"value":7.50,"unit":"mg"})");
    EXPECT_EQ(value("NM", ">= 90"), R"(valueQuantity:{"comparator":">=","value":90,"unit":"mg"})");
    EXPECT_EQ(value("NM", "hemolyzed"), R"(valueString:"hemolyzed")");
    EXPECT_EQ(value("NR", "1^2"),
              R"(valueRange:{"low":{"value":1,"unit":"mg"},"high":{"value":2,"unit":"mg"}})");
    EXPECT_EQ(value("DT", "20260131"), R"(valueDateTime:"2026-01-31")");
    EXPECT_EQ(value("TM", "0930"), R"(valueTime:"09:30:00")");
    EXPECT_EQ(value("TX", "line one~line two"), R"(valueString:"line one\nline two")");
    EXPECT_EQ(value("CE", "260373001^Detected^SCT"),
              R"(valueCodeableConcept:{"coding":[{"system":"http://snomed.info/sct","code":"260373001",)"
              R"("display":"Detected"}]})");
    EXPECT_EQ(value("ST", ""),
              R"(dataAbsentReason:{"coding":[{"system":)"
              R"("http://terminology.hl7.org/CodeSystem/data-absent-reason","code":"unknown"}]})");
}

TEST(MapSpecimens, BelongToTheReportAndItsObservations) {
    const auto message = mapped(
        admission("PID|1||77\rOBR|1||F1|1^A\rOBX|1|ST|2^B||x||||||F\r"
                  "SPM|1|S1&EHR^S2&LAB||258500001^Swab^SCT|||||||||||||20260131070000|20260131080000\r",
                  "ORU^R01"));
    const auto specimen = message("Specimen");
    EXPECT_EQ(specimen["identifier"].size(), 2u);
    EXPECT_EQ(specimen["collection"]["collectedDateTime"].text(), "2026-01-31T07:00:00+01:00");
    EXPECT_EQ(message("DiagnosticReport")["specimen"].size(), 1u);
    EXPECT_EQ(message("Observation")["specimen"]["reference"].text(),
              "Specimen/" + std::string{specimen["id"].text()});
    EXPECT_EQ(message.identity("Specimen"), "Specimen|filler|LAB|S2");
}

TEST(MapSpecimens, OfOldMessagesStandInTheObr) {
    const auto message =
        mapped(admission("PID|1||77\rOBR|1||F1|1^A|||20260131||||||||BLD&Blood^^^ARM&Arm\r", "ORU^R01"));
    EXPECT_EQ(first(message("Specimen")["type"]["coding"])["code"].text(), "BLD");
    EXPECT_EQ(message("Specimen")["collection"]["collectedDateTime"].text(), "2026-01-31");
}

TEST(MapOrders, AreRequestsInTheNameOfWhoOrdered) {
    const auto message =
        mapped(admission("PID|1||77\rPV1|1|O|CL||||||||||||||||V1\r"
                         "ORC|NW|P1^EHR|||SC||||20260131090000|||9^Gray^Eva|||||||||Clinic^^^^^^^^^C7\r"
                         "TQ1|1||||||20260201080000||S\r"
                         "OBR|1|P1^EHR||24323-8^Panel^LN\r",
                         "OML^O21"));
    const auto request = message("ServiceRequest");
    EXPECT_EQ(request["status"].text(), "active");
    EXPECT_EQ(request["intent"].text(), "order");
    EXPECT_EQ(request["priority"].text(), "stat");
    EXPECT_EQ(request["authoredOn"].text(), "2026-01-31T09:00:00+01:00");
    EXPECT_TRUE(request["encounter"].exists());
    EXPECT_EQ(request["requester"]["reference"].text(),
              "PractitionerRole/" + std::string{message("PractitionerRole")["id"].text()});
    EXPECT_EQ(message("Organization", 2)["name"].text(), "Clinic");
    EXPECT_EQ(message.count("DiagnosticReport"), 0u);
}

TEST(MapResults, OfAnotherOrderTakeNothingOfTheOrcBefore) {
    const auto message = mapped(
        admission("PID|1||77\rORC|RE|P1|F1|||||||||9^Gray^Eva\rOBR|1|P1|F1|1^A||||||||||||||||||||||F\r"
                  "OBR|2|P2|F2|2^B||||||||||||8^Roy^Bo|||||||||F\rOBR|3|||3^C|||||||||||||||||||||F\r",
                  "ORU^R01"));
    EXPECT_EQ(message.identity("DiagnosticReport", 1), "DiagnosticReport|filler|urn:oid:1.2.3|F2|2");
    const auto request = message("ServiceRequest", 1);
    EXPECT_EQ(first(request["identifier"])["value"].text(), "P2");
    EXPECT_EQ(request["requester"]["reference"].text(),
              "Practitioner/" + std::string{message("Practitioner", 1)["id"].text()});
    EXPECT_FALSE(message("ServiceRequest", 2)["identifier"].exists());
}

TEST(MapOrders, OfOneOrcShareItAndAreListedWhereTheirNumbersDiffer) {
    const auto message =
        mapped(admission("PID|1||77\rORC|NW|P1\rOBR|1|P1||1^A\rOBR|2|||2^B\rOBR|3|P3||3^C\r", "OML^O21"));
    EXPECT_EQ(message.identity("ServiceRequest", 1), "ServiceRequest|placer|urn:oid:1.2.3|P1|2");
    EXPECT_EQ(message.identity("ServiceRequest", 2), "ServiceRequest|placer|urn:oid:1.2.3|P3|3");
    EXPECT_FALSE(message.is_unmapped("OBR", 2, UnmappedReason::repetition));
    const auto other = mapped(admission("PID|1||77\rORC|NW|P1\rOBR|1|P9||1^A\r", "OML^O21"));
    EXPECT_TRUE(other.is_unmapped("OBR", 2, UnmappedReason::repetition));
}

TEST(MapOrders, AreWrittenWhenTheirEventWasIfTheyAreNew) {
    const auto order = [](std::string_view control) {
        return mapped(admission(fmt::format("PID|1||77\rORC|{}|P1|||||||20260131\rOBR|1|P1||1^A\r", control),
                                "OML^O21"));
    };
    const auto placed = order("NW");
    EXPECT_EQ(placed("ServiceRequest")["authoredOn"].text(), "2026-01-31");
    EXPECT_FALSE(placed.is_unmapped("ORC", 9, UnmappedReason::unknown_field));
    const auto changed = order("XO");
    EXPECT_FALSE(changed("ServiceRequest")["authoredOn"].exists());
    EXPECT_TRUE(changed.is_unmapped("ORC", 9, UnmappedReason::no_place));
}

TEST(MapOrders, OfAnOrcAloneAreCancelled) {
    const auto message = mapped(admission("PID|1||77\rORC|OC|P1^EHR\rORC|OC|P2^EHR\r", "ORM^O01"));
    EXPECT_EQ(message.count("ServiceRequest"), 2u);
    EXPECT_EQ(message("ServiceRequest", 1)["status"].text(), "revoked");
}

TEST(MapMerges, SayWhoRemainsAndWhoDoesNot) {
    const auto message =
        mapped(admission("PID|1||77^^^NORTH&1.2.3&ISO\rMRG|66^^^NORTH&1.2.3&ISO\r", "ADT^A40"));
    ASSERT_EQ(message.mapping.merges.size(), 1u);
    EXPECT_EQ(message.mapping.merges[0].surviving, "Patient|urn:oid:1.2.3|77");
    EXPECT_EQ(message.mapping.merges[0].subsumed.identity, "Patient|urn:oid:1.2.3|66");
    const auto itself = mapped(admission("PID|1||77\rMRG|77\r", "ADT^A40"));
    EXPECT_TRUE(itself.mapping.merges.empty());
}

TEST(MapMerges, AreNotMadeOfAVisitThatMoves) {
    const auto message = mapped(admission("PID|1||77\rMRG|66\r", "ADT^A45"));
    EXPECT_TRUE(message.mapping.merges.empty());
    EXPECT_TRUE(message.is_unmapped("MRG", 0, UnmappedReason::no_place));
}

TEST(MapMerges, OfAnOldMessageStandInMrg4) {
    const auto message = mapped(admission("PID|1||77\rMRG||||66\r", "ADT^A34"));
    ASSERT_EQ(message.mapping.merges.size(), 1u);
    EXPECT_EQ(message.mapping.merges[0].subsumed.identity, "Patient|urn:oid:1.2.3|66");
}

TEST(MapDeletions, LeaveAVisitAndAPersonMarked) {
    const auto visit = mapped(admission("PID|1||77\rPV1|1|I|4W||||||||||||||||V88\r", "ADT^A23"));
    EXPECT_EQ(visit("Encounter")["status"].text(), "entered-in-error");
    EXPECT_EQ(mapped(admission("PID|1||77\r", "ADT^A29"))("Patient")["active"].raw(), "false");
}

TEST(MapRoles, ThePrimaryCareProviderIsThePatientsAndOthersAreTheCareTeams) {
    const auto message = mapped(
        admission("PID|1||77\rROL|R1|AD|PP^Primary care^HL70443|9^Gray^Eva|20260101|||||||555-0300\r"
                  "ROL|R2|AD|CP^Consulting^HL70443|8^Roy^Bo\rROL|R3|DE|CP^Consulting^HL70443|7^Fox^Al\r"));
    EXPECT_EQ(message.count("PractitionerRole"), 2u);
    EXPECT_TRUE(first(message("Patient")["generalPractitioner"])["reference"].text().starts_with(
        "PractitionerRole/"));
    const auto participants = message("CareTeam")["participant"];
    ASSERT_EQ(participants.size(), 1u);
    EXPECT_EQ(first(first(first(participants)["role"])["coding"])["code"].text(), "CON");
    EXPECT_EQ(message.count("Practitioner"), 2u);
    EXPECT_TRUE(message.is_unmapped("ROL", 0, UnmappedReason::no_place)) << "who was withdrawn is listed";
}

TEST(MapRoles, BehindAVisitTheyTakePartInIt) {
    const auto message =
        mapped(admission("PID|1||77\rPV1|1|I|4W||||||||||||||||V1\r"
                         "PRT|P1|AD||AT^Attending^HL70443|9^Gray^Eva||||||20260131\r"));
    const auto participant = first(message("Encounter")["participant"]);
    EXPECT_EQ(first(first(participant["type"])["coding"])["code"].text(), "ATND");
    EXPECT_EQ(participant["period"]["start"].text(), "2026-01-31");
    EXPECT_TRUE(participant["individual"]["reference"].text().starts_with("PractitionerRole/"));
}

TEST(MapDocuments, CarryTheirText) {
    const auto message = mapped(
        admission("PID|1||77\rTXA|1|DS^Discharge summary|TX||||20260131||9^Gray^Eva|||D5^EHR|||||AU||AV\r"
                  "OBX|1|TX|1^Text||Went home.~Well.||||||F\r",
                  "MDM^T02"));
    const auto document = message("DocumentReference");
    EXPECT_EQ(document["status"].text(), "current");
    EXPECT_EQ(document["docStatus"].text(), "final");
    EXPECT_EQ(first(document["content"])["attachment"]["data"].text(), "V2VudCBob21lLgpXZWxsLg==");
    EXPECT_EQ(message.identity("DocumentReference"), "DocumentReference|EHR|D5");
    EXPECT_EQ(message.count("Observation"), 0u);
}

TEST(MapDocuments, CarryTheirFilesAndRefuseWhatIsNoBase64) {
    const auto message =
        mapped(admission("PID|1||77\rTXA|1|DS|||||||||D5\r"
                         "OBX|1|ED|1^File||^application^pdf^Base64^JVBE Ri0x||||||F\r"
                         "OBX|2|ED|1^File||^application^pdf^Base64^%%%||||||F\r",
                         "MDM^T02"));
    const auto content = message("DocumentReference")["content"];
    EXPECT_EQ(first(content)["attachment"].raw(),
              R"({"contentType":"application/pdf","data":"JVBERi0x","title":"File"})");
    EXPECT_EQ(content.size(), 1u);
    EXPECT_TRUE(message.is_unmapped("OBX", 5, UnmappedReason::invalid_value));
}

TEST(MapAppointments, HaveWhoAndWhereAndWhen) {
    const auto message =
        mapped(admission("SCH|P1^EHR|F1^BOOK|||||ROUTINE^Routine^HL70276|Normal|30|min|^^30^20260210090000^"
                         "20260210093000|||||||||||"
                         "|||Booked\rPID|1||77\rRGS|1\rAIS|1||CONS^Consultation|20260210090000\rAIP|1||9^"
                         "Gray^Eva\rAIL|1||4W^12\r",
                         "SIU^S12"));
    const auto appointment = message("Appointment");
    EXPECT_EQ(appointment["status"].text(), "booked");
    EXPECT_EQ(appointment["start"].text(), "2026-02-10T09:00:00+01:00");
    EXPECT_EQ(appointment["end"].text(), "2026-02-10T09:30:00+01:00");
    EXPECT_EQ(appointment["minutesDuration"].raw(), "30");
    EXPECT_EQ(appointment["participant"].size(), 3u);
    EXPECT_EQ(message.identity("Appointment"), "Appointment|filler|BOOK|F1");
    EXPECT_EQ(mapped(admission("SCH|P1^EHR|F1^BOOK\r", "SIU^S15"))("Appointment")["status"].text(),
              "cancelled");
    EXPECT_EQ(mapped(admission("SCH|P1^EHR|F1^BOOK\r", "SIU^S26"))("Appointment")["status"].text(), "noshow");
}

TEST(MapAppointments, HaveTheirComments) {
    const auto message =
        mapped(admission("SCH|P1|F1\rNTE|1||bring x-rays\rPID|1||77\rRGS|1\rAIS|1||C\r"
                         "NTE|1||fasting\r",
                         "SIU^S12"));
    EXPECT_EQ(message("Appointment")["comment"].text(), "bring x-rays\nfasting");
}

TEST(MapDocuments, HaveTheirComments) {
    const auto message = mapped(admission("PID|1||77\rTXA|1|DS|||||||||D5\rNTE|1||amended\r", "MDM^T02"));
    EXPECT_EQ(message("DocumentReference")["description"].text(), "amended");
}

TEST(MapResults, HaveTheDeviceAndThePlaceThatTakePart) {
    const auto message =
        mapped(admission("PID|1||77\rOBR|1||F1|1^A\rOBX|1|NM|2^B||5||||||F\r"
                         "PRT|P1|AD||EQUIP|||||4W^12|D7^LAB||||||||||SN9\r",
                         "ORU^R01"));
    EXPECT_EQ(message("Observation")["device"]["reference"].text(),
              "Device/" + std::string{message("Device")["id"].text()});
    EXPECT_EQ(message("Device")["serialNumber"].text(), "SN9");
    EXPECT_TRUE(first(message("Observation")["extension"])["valueReference"].exists());
}

TEST(MapHeader, SaysWhatTheMessageIsAbout) {
    const auto message = mapped(admission("SFT|Maker|7|Feeder\rPID|1||77\r"));
    const auto header = message("MessageHeader");
    EXPECT_EQ(header["eventCoding"]["code"].text(), "A01");
    EXPECT_EQ(header["source"]["software"].text(), "Feeder");
    EXPECT_EQ(first(header["focus"])["reference"].text(),
              "Patient/" + std::string{message("Patient")["id"].text()});
    EXPECT_EQ(message.identity("MessageHeader"), "MessageHeader|urn:oid:1.2.3|M1");
}

TEST(Map, NeverRefusesASegmentOfTheSendersOwn) {
    const auto message = mapped(admission("PID|1||77\rZPI|1|x\rOBX\rRXR|PO\r"));
    EXPECT_TRUE(message.is_unmapped("ZPI", 0, UnmappedReason::unknown_segment));
    EXPECT_TRUE(message.is_unmapped("RXR", 0, UnmappedReason::no_place));
}

TEST(Map, ListsFieldsThatHaveNoPlace) {
    const auto message = mapped(admission("PID|1||77||||||||||||||||||||||||V\r"));
    EXPECT_TRUE(message.is_unmapped("PID", 27, UnmappedReason::unknown_field));
}

TEST(Map, KeepsToItsLimits) {
    std::string segments = "PID|1||77\rOBR|1||F1|1^A\r";
    for (int i = 0; i < 50; ++i) segments.append("OBX|1|ST|2^B||x||||||F|9^^~\r");
    const auto few = mapped(admission(segments, "ORU^R01"), {}, {.resources_max = 10, .unmapped_max = 5});
    EXPECT_LE(few.mapping.resources.size(), 11u);
    EXPECT_EQ(few.mapping.unmapped.size(), 5u);
    EXPECT_GT(few.mapping.unmapped_total, 40u);
    EXPECT_TRUE(few.is_unmapped("OBX", 0, UnmappedReason::limit));

    const auto narrow = mapped(admission("PID|1||1~2~3~4\r"), {}, {.repetitions_max = 2});
    EXPECT_EQ(narrow("Patient")["identifier"].size(), 2u);
    EXPECT_TRUE(narrow.is_unmapped("PID", 3, UnmappedReason::limit));

    const auto cut =
        mapped(admission("PID|1||" + std::string(100, '7') + "\r"), {}, {.identity_bytes_max = 10});
    EXPECT_EQ(cut.identity("Patient"), "Patient|urn:oid:1.|7777777777");
}

TEST(Map, TellsWhenFhirHasOneAndTheMessageMore) {
    const auto message = mapped(admission("PID|1||77||||19700131~19710131\r"));
    EXPECT_EQ(message("Patient")["birthDate"].text(), "1970-01-31");
    EXPECT_TRUE(message.is_unmapped("PID", 7, UnmappedReason::repetition));
}

TEST(Map, TakesTheSendersZoneWhereTheMessageNamesNone) {
    const auto ward = [](const Sender& sender) {
        return std::string{mapped("MSH|^~\\&|A|B|||20260131||ADT^A01|1|P|2.3\rPID|1||77\r"
                                  "PV1|1|I|4W||||||||||||||||V1|||||||||||||||||||||||||2026013108\r",
                                  sender)("Encounter")["period"]["start"]
                               .text()};
    };
    EXPECT_EQ(ward({}), "2026-01-31T08:00:00Z");
    EXPECT_EQ(ward({.zone = TimeZone::parse("-05:00").value()}), "2026-01-31T08:00:00-05:00");
}

}   // namespace
}   // namespace ward::fhir::v2
