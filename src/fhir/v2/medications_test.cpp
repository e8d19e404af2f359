// SPDX-License-Identifier: Apache-2.0
// What is prescribed and given.
#include <gtest/gtest.h>

#include "fhir/v2/hospital_test.hpp"

namespace ward::fhir::v2 {
namespace {

json::Value first(json::Value array) { return *array.items().begin(); }

TEST(MapImmunizations, HaveDoseLotAndSite) {
    const auto message = mapped(
        admission("PID|1||77\rORC|RE||I1^CLINIC\rRXA|0|1|20260131||08^HepB^CVX|0.5|mL^^UCUM||00^New^NIP001|9^"
                  "Gray^Eva|||||L7|"
                  "20270101|MSD^Merck^MVX|||CP|A\rRXR|IM^Intramuscular^HL70162|LD^Left Deltoid^HL70163\r",
                  "VXU^V04"));
    const auto dose = message("Immunization");
    EXPECT_EQ(dose["status"].text(), "completed");
    EXPECT_EQ(first(dose["vaccineCode"]["coding"])["system"].text(), "http://hl7.org/fhir/sid/cvx");
    EXPECT_EQ(dose["doseQuantity"].raw(),
              R"({"value":0.5,"unit":"mL","system":"http://unitsofmeasure.org","code":"mL"})");
    EXPECT_EQ(dose["lotNumber"].text(), "L7");
    EXPECT_EQ(dose["primarySource"].raw(), "true");
    EXPECT_EQ(first(dose["site"]["coding"])["code"].text(), "LD");
    EXPECT_EQ(message.identity("Immunization"), "Immunization|filler|CLINIC|I1|08");
}

TEST(MapMedication, RequestsHaveDoseAndRoute) {
    const auto message = mapped(admission(
        "PID|1||77\rORC|NW|M1^EHR|||||||20260131090000|||9^Gray^Eva\r"
        "RXE|^BID^^20260131^20260207|313782^Acetaminophen^RXNORM|500||mg^milligram|||||14|tab|2\rRXR|PO\r",
        "RDE^O11"));
    const auto request = message("MedicationRequest");
    EXPECT_EQ(request["status"].text(), "active");
    const auto dosage = first(request["dosageInstruction"]);
    EXPECT_EQ(first(dosage["doseAndRate"])["doseQuantity"].raw(), R"({"value":500,"unit":"milligram"})");
    EXPECT_EQ(first(dosage["timing"]["code"]["coding"])["code"].text(), "BID");
    EXPECT_EQ(first(dosage["route"]["coding"])["code"].text(), "PO");
    EXPECT_EQ(request["dispenseRequest"]["numberOfRepeatsAllowed"].raw(), "2");
    EXPECT_EQ(message.identity("MedicationRequest"), "MedicationRequest|placer|EHR|M1|");
}

/// A prescription (RDE) of these segments behind its ORC.
MappedMessage prescribed(std::string_view segments) {
    return mapped(admission(std::string{"PID|1||77\rORC|NW|M1^EHR\r"}.append(segments), "RDE^O11"));
}

TEST(MapMedication, IsGivenAsOftenAsTheTimingSays) {
    const auto message = prescribed(
        "TQ1|1||TID||||20260911|20260914|S|with fever|before meals\rNTE|1||of the order\r"
        "RXE||313782^Acetaminophen^RXNORM|500||mg\rNTE|1||of the medication\rRXR|PO\r");
    const auto request = message("MedicationRequest");
    const auto dosage = first(request["dosageInstruction"]);
    EXPECT_EQ(first(dosage["timing"]["code"]["coding"])["code"].text(), "TID");
    EXPECT_EQ(dosage["timing"]["repeat"].raw(),
              R"({"boundsPeriod":{"start":"2026-09-11","end":"2026-09-14"}})");
    EXPECT_EQ(first(dosage["additionalInstruction"])["text"].text(), "with fever");
    EXPECT_EQ(dosage["text"].text(), "before meals");
    EXPECT_EQ(request["priority"].text(), "stat");
    EXPECT_EQ(request["dosageInstruction"].size(), 1u);
    EXPECT_EQ(request["note"].size(), 2u);
    EXPECT_TRUE(message.mapping.unmapped.empty());
}

TEST(MapMedication, HasTheTimingBehindItBeforeTheOneOfTheOrder) {
    const auto message = prescribed(
        "TQ1|1||TID\rRXE|^QID|1^A|500||mg\rRXR|PO\r"
        "TQ1|1||^^^^8^h||||||||||90^min|6\r");
    const auto timing = first(message("MedicationRequest")["dosageInstruction"])["timing"];
    EXPECT_EQ(timing.raw(), R"({"repeat":{"period":8,"periodUnit":"h","duration":90,)"
                            R"("durationUnit":"min","count":6}})");
    EXPECT_TRUE(message.is_unmapped("TQ1", 0, UnmappedReason::repetition));
}

TEST(MapMedication, TimingsThatFollowEachOtherAreNumbered) {
    const auto message = prescribed("RXE||1^A|||mg\rTQ1|1|2^tab|BID|||||||||S\rTQ1|2|1^tab|BID\r");
    const auto instructions = message("MedicationRequest")["dosageInstruction"];
    ASSERT_EQ(instructions.size(), 2u);
    EXPECT_EQ(first(instructions)["sequence"].raw(), "1");
    EXPECT_EQ(first(first(instructions)["doseAndRate"])["doseQuantity"].raw(), R"({"value":2,"unit":"tab"})");
    EXPECT_EQ((*++instructions.items().begin())["sequence"].raw(), "2");
}

TEST(MapMedication, WhatWasEncodedCountsMoreThanWhatWasWantedAndTheyAreNotMixed) {
    const auto message = prescribed(
        "TQ1|1||BID\rRXO|1^A|500||mg\rRXR|PO\r"
        "RXE||1^A|250||mg\rRXR|IV\rTQ1|1||QID\r");
    const auto request = message("MedicationRequest");
    EXPECT_EQ(request["intent"].text(), "order");
    ASSERT_EQ(request["dosageInstruction"].size(), 1u);
    const auto dosage = first(request["dosageInstruction"]);
    EXPECT_EQ(first(dosage["doseAndRate"])["doseQuantity"]["value"].raw(), "250");
    EXPECT_EQ(first(dosage["timing"]["code"]["coding"])["code"].text(), "QID");
    EXPECT_TRUE(dosage["route"].exists());
    EXPECT_TRUE(message.is_unmapped("RXO", 0, UnmappedReason::repetition));
}

TEST(MapMedication, OfAMixtureHasItsIngredients) {
    const auto message = prescribed("RXE||1^Infusion\rRXC|A|2^Potassium|20|mmol\rRXC|B|3^Glucose|500|mL\r");
    const auto request = message("MedicationRequest");
    EXPECT_EQ(request["medicationReference"]["reference"].text(), "#mixture");
    EXPECT_FALSE(request["medicationCodeableConcept"].exists());
    const auto medication = first(request["contained"]);
    EXPECT_EQ(first(medication["code"]["coding"])["display"].text(), "Infusion");
    ASSERT_EQ(medication["ingredient"].size(), 2u);
    EXPECT_EQ(first(medication["ingredient"])["strength"]["numerator"].raw(),
              R"({"value":20,"unit":"mmol"})");
}

TEST(MapMedication, OfTwoInOneOrderTheSecondIsListed) {
    const auto message = prescribed("RXE||1^A|500||mg\rRXE||2^B|250||mg\rTQ1|1||QID\r");
    EXPECT_EQ(message.count("MedicationRequest"), 1u);
    EXPECT_TRUE(message.is_unmapped("RXE", 0, UnmappedReason::repetition));
    EXPECT_TRUE(message.is_unmapped("TQ1", 0, UnmappedReason::no_place));
}

TEST(MapImmunizations, HaveTheirObservations) {
    const auto message =
        mapped(admission("PID|1||77\rORC|RE||I1\rRXA|0|1|20260131||08^HepB^CVX\r"
                         "OBX|1|CE|64994-7^Eligibility^LN|1|V02^VFC^HL70064||||||F\r",
                         "VXU^V04"));
    EXPECT_EQ(first(message("Observation")["partOf"])["reference"].text(),
              "Immunization/" + std::string{message("Immunization")["id"].text()});
    EXPECT_EQ(message.identity("Observation"),
              "Observation|Immunization/filler/urn:oid:1.2.3/I1/08|LN|64994-7|1");
}

TEST(MapImmunizations, KeepTheNoteOfTheirOrderAndListItsTiming) {
    const auto message =
        mapped(admission("PID|1||77\rORC|RE||I1\rTQ1|1||BID\rNTE|1||seen\r"
                         "RXA|0|1|20260131||08^HepB^CVX\r",
                         "VXU^V04"));
    EXPECT_EQ(first(message("Immunization")["note"])["text"].text(), "seen");
    EXPECT_TRUE(message.is_unmapped("TQ1", 0, UnmappedReason::no_place));
}

}   // namespace
}   // namespace ward::fhir::v2
