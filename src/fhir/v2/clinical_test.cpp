// SPDX-License-Identifier: Apache-2.0
// Allergies, diagnoses and procedures.
#include <gtest/gtest.h>

#include "fhir/v2/hospital_test.hpp"

namespace ward::fhir::v2 {
namespace {

json::Value first(json::Value array) { return *array.items().begin(); }

TEST(MapClinical, AllergiesDiagnosesProceduresAndInsurance) {
    const auto message =
        mapped(admission("PID|1||77\rPV1|1|I|4W||||||||||||||||V1\r"
                         "AL1|1|DA|PEN^Penicillin^L|SV|Hives|20250101\r"
                         "DG1|1||J18.9^Pneumonia^I10C||20260130|A\r"
                         "PR1|1||71045^Chest X-ray^C4||20260131100000\r"
                         "IN1|1|PPO|A9|Good Insurance||||||||20260101|20261231||||SEL\r"));
    EXPECT_EQ(message("AllergyIntolerance")["criticality"].text(), "high");
    EXPECT_EQ(first(message("AllergyIntolerance")["category"]).text(), "medication");
    EXPECT_EQ(first(message("Condition")["code"]["coding"])["system"].text(),
              "http://hl7.org/fhir/sid/icd-10-cm");
    EXPECT_EQ(first(message("Encounter")["diagnosis"])["condition"]["reference"].text(),
              "Condition/" + std::string{message("Condition")["id"].text()});
    EXPECT_EQ(message("Procedure")["performedDateTime"].text(), "2026-01-31T10:00:00+01:00");
    EXPECT_EQ(message("Coverage")["period"]["end"].text(), "2026-12-31");
    EXPECT_TRUE(message("Coverage")["subscriber"].exists());
}

std::string_view code_of(json::Value said) { return first(said["coding"])["code"].text(); }

TEST(MapClinical, AnAllergyThatWasDeletedWasAnError) {
    const auto deleted = mapped(admission("PID|1||77\rIAM|1|DA|1191^Aspirin^RXNORM|SV|rash|D\r"));
    EXPECT_EQ(code_of(deleted("AllergyIntolerance")["verificationStatus"]), "entered-in-error");
    EXPECT_FALSE(deleted("AllergyIntolerance")["clinicalStatus"].exists());
    EXPECT_EQ(deleted.cleared("AllergyIntolerance"), std::vector<std::string_view>{"clinicalStatus"});
    const auto added = mapped(admission("PID|1||77\rIAM|1|DA|1191^Aspirin^RXNORM|SV|rash|A\r"));
    EXPECT_EQ(code_of(added("AllergyIntolerance")["clinicalStatus"]), "active");
    EXPECT_EQ(added.cleared("AllergyIntolerance"), std::vector<std::string_view>{"verificationStatus"});
}

TEST(MapClinical, AnAllergyIsAsItsStatusSays) {
    const auto status = [](std::string_view said) {
        return mapped(admission("PID|1||77\rIAM|1|DA|1191^Aspirin^RXNORM|SV|rash|U|||||||||||" +
                                std::string{said} + "\r"));
    };
    const auto inactive = status("I");
    EXPECT_EQ(code_of(inactive("AllergyIntolerance")["clinicalStatus"]), "inactive");
    EXPECT_EQ(code_of(inactive("AllergyIntolerance")["verificationStatus"]), "confirmed");
    const auto unknown = status("Q");
    EXPECT_EQ(code_of(unknown("AllergyIntolerance")["clinicalStatus"]), "active");
    EXPECT_TRUE(unknown.is_unmapped("IAM", 17, UnmappedReason::unknown_code));
}

TEST(MapClinical, AProcedureThatWasDeletedWasAnError) {
    const auto message =
        mapped(admission("PID|1||77\rPR1|1||71045^X^C4||20260131" + std::string(15, '|') + "D\r"));
    EXPECT_EQ(message("Procedure")["status"].text(), "entered-in-error");
    EXPECT_TRUE(message.mapping.unmapped.empty());
}

}   // namespace
}   // namespace ward::fhir::v2
