// SPDX-License-Identifier: Apache-2.0
// Who a patient has, and who pays.
#include <gtest/gtest.h>

#include "fhir/v2/hospital_test.hpp"

namespace ward::fhir::v2 {
namespace {

json::Value first(json::Value array) { return *array.items().begin(); }

TEST(MapRelations, AreContactsAndPeopleOfTheirOwn) {
    const auto message = mapped(admission(
        "PID|1||77\rNK1|1|Meyer^Otto^^^^^L|FTH^Father^HL70063|1 Hill St^^Ulm|^PRN^PH^^^^^^^^^555-0100\r"));
    const auto contact = first(message("Patient")["contact"]);
    EXPECT_EQ(contact["name"]["family"].text(), "Meyer");
    const auto father = message("RelatedPerson");
    EXPECT_EQ(first(first(father["relationship"])["coding"])["code"].text(), "FTH");
    EXPECT_EQ(father["patient"]["reference"].text(),
              "Patient/" + std::string{message("Patient")["id"].text()});
    EXPECT_EQ(first(father["telecom"])["value"].text(), "555-0100");
}

TEST(MapAccounts, AreThePatients) {
    const auto message = mapped(admission("PID|1||77|||||||||||||||A5^^^BILLING\r"));
    EXPECT_EQ(message.identity("Account"), "Account|BILLING|A5");
    EXPECT_EQ(first(message("Account")["subject"])["reference"].text(),
              "Patient/" + std::string{message("Patient")["id"].text()});
}

TEST(MapInsurance, HasThePayerTheGroupAndWhoIsInsured) {
    const auto message = mapped(
        admission("PID|1||77\r"
                  "IN1|1|PPO|A9^^^STATE|Good Insurance|2 HIGH ST^^TOWN|Roy^Bo|555-0200|G7|Mill workers|"
                  "|The Mill|20260101|||HMO|Gray^Max|FTH|19600102|1 LOW ST|||1|||||||||||||||||||||M"
                  "||||||S1\r"));
    const auto coverage = message("Coverage");
    EXPECT_EQ(first(coverage["class"])["value"].text(), "G7");
    EXPECT_EQ(first(coverage["class"])["name"].text(), "Mill workers");
    EXPECT_EQ(coverage["order"].raw(), "1");
    EXPECT_EQ(coverage["subscriberId"].text(), "S1");
    const auto insured = message("RelatedPerson");
    EXPECT_EQ(coverage["subscriber"]["reference"].text(),
              "RelatedPerson/" + std::string{insured["id"].text()});
    EXPECT_EQ(first(insured["name"])["family"].text(), "Gray");
    EXPECT_EQ(insured["birthDate"].text(), "1960-01-02");
    EXPECT_EQ(insured["gender"].text(), "male");
    EXPECT_TRUE(message.mapping.unmapped.empty());
}

TEST(MapInsurance, HasTheNumbersOfFurtherPrograms) {
    const auto message = mapped(
        admission("PID|1||77\rIN1|1|HMO|A8|Other\rIN2||||||1EG4\rIN1|2|PPO|A9|Good Insurance\rIN2||||||1EG4|"
                  "|C55" +
                  std::string(53, '|') + "M8\r"));
    const auto identifiers = message("Patient")["identifier"];
    ASSERT_EQ(identifiers.size(), 3u);
    constexpr std::string_view system =
        R"("type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":")";
    EXPECT_NE(identifiers.raw().find(std::string{R"("value":"1EG4",)"}.append(system) + "MC"),
              std::string_view::npos);
    EXPECT_NE(identifiers.raw().find(std::string{R"("value":"C55",)"}.append(system) + "MA"),
              std::string_view::npos);
    EXPECT_NE(message("Coverage", 1)["identifier"].raw().find("M8"), std::string_view::npos);
    EXPECT_EQ(message.identity("Patient"), "Patient|urn:oid:1.2.3|77");
}

TEST(MapGuarantors, AreOfThePatientsAccount) {
    const auto message = mapped(
        admission("PID|1||77|||||||||||||||A5^^^BILLING\r"
                  "GT1|1|G1|Meyer^Otto||1 Hill St^^Ulm|^PRN^PH^^^^^^^^^555-0100||19400101|M||FTH||20260101\r"
                  "GT1|2||||||||||SEL\r"));
    const auto guarantors = message("Account")["guarantor"];
    ASSERT_EQ(guarantors.size(), 2u);
    const auto father = message("RelatedPerson");
    EXPECT_EQ(first(guarantors)["party"]["reference"].text(),
              "RelatedPerson/" + std::string{father["id"].text()});
    EXPECT_EQ(first(guarantors)["period"]["start"].text(), "2026-01-01");
    EXPECT_EQ(first(father["name"])["family"].text(), "Meyer");
    EXPECT_EQ(first(first(father["relationship"])["coding"])["code"].text(), "FTH");
    EXPECT_TRUE(mapped(admission("PID|1||77\rGT1|1|G1|Meyer^Otto\r"))
                    .is_unmapped("GT1", 0, UnmappedReason::no_place));
}

}   // namespace
}   // namespace ward::fhir::v2
