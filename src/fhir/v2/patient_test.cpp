// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "fhir/v2/hospital_test.hpp"

namespace ward::fhir::v2 {
namespace {

TEST(MapPatient, HasItsIdentifiersNamesAndAddresses) {
    const auto message =
        mapped(admission("PID|1||77^^^NORTH&1.2.3&ISO^MR~123^^^SSA^SS||Meyer^Ada^B^Jr^Dr^^L||19700131|F|||1 "
                         "Hill St^Flat 2^Ulm^BW^"
                         "89073^DEU^H||^PRN^PH^^49^731^5550100\r"));
    const auto patient = message("Patient");
    EXPECT_EQ(patient["identifier"].size(), 2u);
    const auto number = *patient["identifier"].items().begin();
    EXPECT_EQ(
        number.raw(),
        R"({"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},)"
        R"("system":"NORTH","value":"77"})");
    EXPECT_EQ(patient["name"].raw(),
              R"([{"use":"official","family":"Meyer","given":["Ada","B"],"prefix":["Dr"],"suffix":["Jr"]}])");
    EXPECT_EQ(patient["birthDate"].text(), "1970-01-31");
    EXPECT_EQ(patient["gender"].text(), "female");
    EXPECT_EQ(
        patient["address"].raw(),
        R"([{"use":"home","line":["1 Hill St","Flat 2"],"city":"Ulm","state":"BW","postalCode":"89073",)"
        R"("country":"DEU"}])");
    EXPECT_EQ(patient["telecom"].raw(), R"([{"system":"phone","value":"+49 731 5550100","use":"home"}])");
}

TEST(MapPatient, IsFoundByTheMedicalRecordNumberWhereverItStands) {
    const auto one = mapped(admission("PID|1||123^^^SSA^SS~77^^^NORTH&1.2.3&ISO^MR\r"));
    const auto other = mapped(admission("PID|1||77^^^NORTHERN&1.2.3&ISO^MR\r", "ADT^A08"));
    EXPECT_EQ(one.identity("Patient"), "Patient|urn:oid:1.2.3|77");
    EXPECT_EQ(other.identity("Patient"), one.identity("Patient"));
}

TEST(MapPatient, WithoutANumberIsOfItsMessageOnly) {
    const auto message = mapped(admission("PID|1||||Meyer^Ada\r"));
    EXPECT_EQ(message.identity("Patient"), "Patient|message|urn:oid:1.2.3|M1|1|0|0");
}

TEST(MapPatient, KeepsTheTimeOfBirthBesideTheDate) {
    const auto message = mapped(admission("PID|1||77||Meyer^Ada||197001311530\r"));
    const auto patient = message("Patient");
    EXPECT_EQ(patient["birthDate"].text(), "1970-01-31");
    EXPECT_EQ((*patient["_birthDate"]["extension"].items().begin())["valueDateTime"].text(),
              "1970-01-31T15:30:00+01:00");
}

TEST(MapPatient, ListsWhatIsNoDateAndGoesOn) {
    const auto message = mapped(admission("PID|1||77||Meyer^Ada||31.01.1970|X\r"));
    EXPECT_FALSE(message("Patient")["birthDate"].exists());
    EXPECT_TRUE(message.is_unmapped("PID", 7, UnmappedReason::invalid_value));
    EXPECT_TRUE(message.is_unmapped("PID", 8, UnmappedReason::unknown_code));
    EXPECT_TRUE(message("Patient")["name"].exists());
}

TEST(MapPatient, KeepsAndListsBytesThatAreOfNoCharacter) {
    const auto message = mapped(admission("PID|1||77||Ren\\XE9\\\r"));
    EXPECT_EQ((*message("Patient")["name"].items().begin())["family"].text(), "Ren\\XE9\\");
    EXPECT_TRUE(message.is_unmapped("PID", 5, UnmappedReason::invalid_value));
}

TEST(MapPatient, SaysWhatIsToBeDeleted) {
    const auto message = mapped(admission("PID|1||77||Meyer^Ada||||||\"\"|||\r"));
    EXPECT_EQ(message.cleared("Patient"), (std::vector<std::string_view>{"address"}));
}

TEST(MapPatient, KeepsWhatAnotherFieldSaysBesideOneToBeDeleted) {
    const auto message = mapped(admission("PID|1||77|\"\"|Meyer^Ada||||||||^^^^^731^5550100|\"\"|||\"\"\r"));
    EXPECT_EQ(message.cleared("Patient"), std::vector<std::string_view>{});
    EXPECT_EQ(message("Patient")["telecom"].size(), 1u);
}

TEST(MapPatient, HasALivingWillOnFileOrNot) {
    const auto message = mapped(admission("PID|1||77\rPD1|||||||Y\r"));
    const auto will = message("Observation");
    EXPECT_EQ((*will["code"]["coding"].items().begin())["code"].text(), "75320-2");
    EXPECT_EQ((*will["valueCodeableConcept"]["coding"].items().begin())["code"].text(), "Y");
    EXPECT_EQ(message.identity("Observation"), "Observation|living-will|Patient/urn:oid:1.2.3/77");
}

TEST(MapEncounter, OfAnAdmissionIsInProgress) {
    const auto message =
        mapped(admission("PID|1||77\rPV1|1|I|4W^12^B^NORTH||||9^Gray^Eva^^^Dr|||MED|||||||||V88^^^NORTH&1.2."
                         "3&ISO|||||||||||||||||"
                         "||||||||20260131080000\r"));
    const auto encounter = message("Encounter");
    EXPECT_EQ(encounter["status"].text(), "in-progress");
    EXPECT_EQ(encounter["class"]["code"].text(), "IMP");
    EXPECT_EQ(encounter["subject"]["reference"].text(),
              "Patient/" + std::string{message("Patient")["id"].text()});
    EXPECT_EQ(encounter["period"].raw(), R"({"start":"2026-01-31T08:00:00+01:00"})");
    EXPECT_EQ(message.identity("Encounter"), "Encounter|urn:oid:1.2.3|V88");
    EXPECT_EQ(message.count("Location"), 4u);
    EXPECT_EQ(message("Practitioner")["name"].raw(),
              R"([{"family":"Gray","given":["Eva"],"prefix":["Dr"]}])");
}

TEST(MapEncounter, OfACancelledAdmissionIsCancelled) {
    const auto message = mapped(admission("PID|1||77\rPV1|1|I|4W||||||||||||||||V88\r", "ADT^A11"));
    EXPECT_EQ(message("Encounter")["status"].text(), "cancelled");
}

TEST(MapEncounter, OfACancelledDischargeLosesItsEnd) {
    const auto message = mapped(admission("PID|1||77\rPV1|1|I|4W||||||||||||||||V88\r", "ADT^A13"));
    EXPECT_EQ(message("Encounter")["status"].text(), "in-progress");
    EXPECT_EQ(message.cleared("Encounter"), (std::vector<std::string_view>{"period"}));
}

TEST(MapEncounter, OfAnUpdateHasAStatusOnlyWhereNoneIsKnown) {
    const std::string segments = "PID|1||77\rPV1|1|I|4W||||||||||||||||V88\r";
    const auto update = mapped(admission(segments, "ADT^A08"));
    EXPECT_EQ(update("Encounter")["status"].text(), "in-progress");
    EXPECT_EQ(update.assumed("Encounter"), std::vector<std::string_view>{"status"});
    EXPECT_TRUE(mapped(admission(segments, "ADT^A03")).assumed("Encounter").empty());
}

TEST(MapPatient, OfASenderWithoutANameIsOfItsFeed) {
    const auto from = [](std::string_view feed) {
        return mapped("MSH|^~\\&|||||20260131||ADT^A01|1|P|2.5\rPID|1||4711\r", {.name = feed})
            .identity("Patient");
    };
    EXPECT_EQ(from("north"), "Patient|feed:north|4711");
    EXPECT_NE(from("north"), from("south"));
}

}   // namespace
}   // namespace ward::fhir::v2
