// SPDX-License-Identifier: Apache-2.0
#include "policy/consent.hpp"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace ward::policy {
namespace {

constexpr Time now{std::chrono::seconds{1'800'000'000}};   // 2027-01-15

std::optional<Consent> consent_of(std::string_view provision, std::string_view more = {}) {
    const auto text = fmt::format(
        R"({{"resourceType":"Consent","status":"active","patient":{{"reference":"Patient/p1"}},
            "scope":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/consentscope",
                                  "code":"patient-privacy"}}]}},"provision":{}{}}})",
        provision, more);
    const auto document = json::Document::parse(text).value();
    return read_consent(document.root());
}

const std::string lab_result = R"({"resourceType":"Observation","id":"o1",
    "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},
    "code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},
    "category":[{"coding":[{"code":"laboratory"}]}]})";

std::optional<Ruling> ruling_of(const Consent& consent, std::string_view user = "Practitioner/d1",
                                std::string_view purpose = "TREAT", std::string_view action = "access",
                                Time at = now) {
    const auto resource = json::Document::parse(lab_result).value();
    return decide(consent, {.fhir_user = user,
                            .client = "app",
                            .purpose = purpose,
                            .action = action,
                            .type = fhir::ResourceType::observation,
                            .id = "o1",
                            .resource = resource.root(),
                            .now = at});
}

std::optional<Ruling> ruling(std::string_view provision, std::string_view user = "Practitioner/d1",
                             std::string_view purpose = "TREAT", std::string_view action = "access") {
    return ruling_of(*consent_of(provision), user, purpose, action);
}

/// With a base, as R4 has it.
std::optional<Ruling> ruling_with(std::string_view base, std::string_view provision,
                                  std::string_view user = "Practitioner/d1") {
    const auto rule = fmt::format(R"(,"policyRule":{{"coding":[{{"code":"{}"}}]}})", base);
    return ruling_of(*consent_of(provision, rule), user);
}

TEST(Consent, DeniesOrPermitsEverything) {
    EXPECT_EQ(ruling(R"({"type":"deny"})"), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"permit"})"), Ruling::permit);
}

TEST(Consent, SpeaksOnlyOfWhatItNames) {
    EXPECT_EQ(ruling(R"({"type":"deny","purpose":[{"code":"HRESCH"}]})"), std::nullopt);
    EXPECT_EQ(ruling(R"({"type":"deny","purpose":[{"code":"TREAT"}]})"), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"deny","action":[{"coding":[{"code":"disclose"}]}]})"), std::nullopt);
    EXPECT_EQ(ruling(R"({"type":"deny","action":[{"coding":[{"code":"disclose"}]}]})", "Practitioner/d1",
                     "TREAT", "disclose"),
              Ruling::deny);
    const auto of_class = [](std::string_view type) {
        return ruling(fmt::format(
            R"({{"type":"deny","class":[{{"system":"http://hl7.org/fhir/resource-types","code":"{}"}}]}})",
            type));
    };
    EXPECT_EQ(of_class("Condition"), std::nullopt);
    EXPECT_EQ(of_class("Observation"), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"deny","code":[{"coding":[{"system":"http://loinc.org","code":"718-7"}]}]})"),
              Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"deny","code":[{"coding":[{"code":"laboratory"}]}]})"), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"deny","code":[{"coding":[{"system":"http://loinc.org","code":"1-1"}]}]})"),
              std::nullopt);
    EXPECT_EQ(ruling(R"({"type":"deny","securityLabel":[{"code":"R"}]})"), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"deny","securityLabel":[{"code":"N"}]})"), std::nullopt);
    EXPECT_EQ(
        ruling(
            R"({"type":"deny","data":[{"meaning":"instance","reference":{"reference":"Observation/o1"}}]})"),
        Ruling::deny);
    EXPECT_EQ(
        ruling(
            R"({"type":"deny","data":[{"meaning":"instance","reference":{"reference":"Observation/o2"}}]})"),
        std::nullopt);
}

TEST(Consent, NamesPeople) {
    const auto* one = R"({"type":"deny","actor":[{"reference":{"reference":"Practitioner/d1"}}]})";
    EXPECT_EQ(ruling(one), Ruling::deny);
    EXPECT_EQ(ruling(one, "Practitioner/d2"), std::nullopt);
    EXPECT_EQ(ruling(one, ""), Ruling::deny) << "who does not say who they are";
}

TEST(Consent, IsNotEscapedBySayingNoPurpose) {
    const auto* research = R"({"type":"deny","purpose":[{"code":"HRESCH"}]})";
    EXPECT_EQ(ruling(research, "Practitioner/d1", "TREAT"), std::nullopt);
    EXPECT_EQ(ruling(research, "Practitioner/d1", ""), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"permit","purpose":[{"code":"TREAT"}]})", "Practitioner/d1", ""),
              Ruling::deny);
}

TEST(Consent, WhatWardCannotTellCountsForADenialAndAgainstAPermission) {
    const auto* clinic = R"({"type":"deny","actor":[{"reference":{"reference":"Organization/clinic"}}]})";
    EXPECT_EQ(ruling(clinic), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"permit","actor":[{"reference":{"reference":"Organization/clinic"}}]})"),
              Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"permit","dataPeriod":{"start":"2020"}})"), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"deny","dataPeriod":{"start":"2020"}})"), Ruling::deny);
}

// IHE PCF: a base rule, and provisions within it that are exceptions.
TEST(Consent, HasExceptions) {
    const auto* but_the_doctor = R"({"type":"deny","provision":[
        {"type":"permit","actor":[{"reference":{"reference":"Practitioner/d1"}}]}]})";
    EXPECT_EQ(ruling(but_the_doctor), Ruling::permit);
    EXPECT_EQ(ruling(but_the_doctor, "Practitioner/d2"), Ruling::deny);
    const auto* but_the_lab = R"({"type":"permit","provision":[
        {"type":"deny","code":[{"coding":[{"code":"laboratory"}]}],"provision":[
            {"type":"permit","purpose":[{"code":"ETREAT"}]}]}]})";
    EXPECT_EQ(ruling(but_the_lab), Ruling::deny);
    EXPECT_EQ(ruling(but_the_lab, "Practitioner/d1", "ETREAT"), Ruling::permit);
}

constexpr auto to_d1 = R"("actor":[{"reference":{"reference":"Practitioner/d1"}}])";

// R4: policyRule is the base, and the root provision an exception to it that has no type.
TEST(Consent, HasABaseForWhatItsRootDoesNotName) {
    const auto permit = fmt::format(R"({{"type":"permit",{}}})", to_d1);
    EXPECT_EQ(ruling_with("OPTOUT", permit), Ruling::permit);
    EXPECT_EQ(ruling_with("OPTOUT", permit, "Practitioner/d2"), Ruling::deny);
    const auto typeless = fmt::format("{{{}}}", to_d1);
    EXPECT_EQ(ruling_with("OPTOUT", typeless), Ruling::permit);
    EXPECT_EQ(ruling_with("OPTOUT", typeless, "Practitioner/d2"), Ruling::deny);
    EXPECT_EQ(ruling_with("OPTIN", typeless), Ruling::deny);
    EXPECT_EQ(ruling_with("OPTIN", typeless, "Practitioner/d2"), Ruling::permit);
    EXPECT_EQ(ruling_with("OPTOUT", R"({"type":"permit","period":{"end":"2027-01-14"}})"), Ruling::deny);
    EXPECT_EQ(ruling_with("OPTOUT", R"({"type":"permit","dataPeriod":{"start":"2020"}})"), Ruling::deny);
}

TEST(Consent, PermitsNothingByARootThatNamesNothing) {
    EXPECT_EQ(ruling_with("OPTOUT", R"({"id":"x"})"), Ruling::deny);
    EXPECT_EQ(ruling_with("OPTOUT", R"({"period":{"start":"2026"}})"), Ruling::deny);
    EXPECT_EQ(ruling_with("OPTIN", R"({"period":{"start":"2026"}})"), Ruling::deny);
}

TEST(Consent, HasARootThatOnlyFramesWhatIsNestedInIt) {
    const auto but_d1 =
        fmt::format(R"({{"period":{{"start":"2026"}},"provision":[{{"type":"permit",{}}}]}})", to_d1);
    EXPECT_EQ(ruling_with("OPTOUT", but_d1), Ruling::permit);
    EXPECT_EQ(ruling_with("OPTOUT", but_d1, "Practitioner/d2"), Ruling::deny);
    const auto not_d1 = fmt::format(R"({{"provision":[{{"type":"deny",{}}}]}})", to_d1);
    EXPECT_EQ(ruling_with("OPTIN", not_d1), Ruling::deny);
    EXPECT_EQ(ruling_with("OPTIN", not_d1, "Practitioner/d2"), Ruling::permit);
}

TEST(Consent, WithoutABasePermitsOnlyAndDeniesOnlyWhatItNames) {
    EXPECT_EQ(ruling(fmt::format(R"({{"type":"permit",{}}})", to_d1)), Ruling::permit);
    EXPECT_EQ(ruling(fmt::format(R"({{"type":"permit",{}}})", to_d1), "Practitioner/d2"), Ruling::deny);
    EXPECT_EQ(ruling(fmt::format(R"({{"type":"deny",{}}})", to_d1), "Practitioner/d2"), std::nullopt);
    EXPECT_EQ(ruling(fmt::format("{{{}}}", to_d1), "Practitioner/d2"), Ruling::deny) << "it says nothing";
}

TEST(Consent, AnExceptionToWhatWardCannotTellDeniesAndDoesNotPermit) {
    constexpr auto clinic = R"("actor":[{"reference":{"reference":"Organization/clinic"}}])";
    const auto not_the_lab = fmt::format(
        R"({{"type":"permit",{},"provision":[
            {{"type":"deny","code":[{{"coding":[{{"code":"laboratory"}}]}}]}}]}})",
        clinic);
    EXPECT_EQ(ruling_with("OPTIN", not_the_lab), Ruling::deny);
    const auto but_d1 =
        fmt::format(R"({{"type":"deny",{},"provision":[{{"type":"permit",{}}}]}})", clinic, to_d1);
    EXPECT_EQ(ruling_with("OPTOUT", but_d1), Ruling::deny);
}

/// An example of the specification.
std::optional<Consent> example(std::string_view name) {
    const char* const elsewhere = std::getenv("WARD_SHARED_DATA");
    const std::filesystem::path folder{elsewhere ? elsewhere : WARD_SOURCE_DIR "/../shared/data"};
    std::ifstream file{folder / fmt::format("fhir/examples/Consent-consent-example-{}.json", name)};
    const auto document = json::Document::parse({std::istreambuf_iterator<char>{file}, {}});
    return document ? read_consent(document->root()) : std::nullopt;
}

TEST(Consent, MeansWhatTheExamplesOfTheSpecificationMean) {
    if (!example("Out")) GTEST_SKIP() << "the shared data is not here";
    for (const auto* name : {"Out", "Emergency", "pkb", "notAuthor", "notOrg"})
        EXPECT_EQ(ruling_of(*example(name)), Ruling::deny) << name;
    EXPECT_EQ(ruling_of(*example("notOrg"), "Practitioner/d1", "TREAT", "disclose"), Ruling::permit);
    EXPECT_EQ(ruling_of(*example("notThem"), "Practitioner/f204"), Ruling::deny);
    EXPECT_EQ(ruling_of(*example("notThem"), "Practitioner/f205"), Ruling::permit);
    const auto in_january = Time{std::chrono::sys_days{std::chrono::year{2015} / 1 / 15}};
    EXPECT_EQ(ruling_of(*example("notTime"), "Practitioner/d1", "TREAT", "access", in_january), Ruling::deny);
    EXPECT_EQ(ruling_of(*example("notTime")), Ruling::permit);
    EXPECT_EQ(ruling_of(*example("grantor"), "Patient/example"), Ruling::permit);
    EXPECT_EQ(ruling_of(*example("grantor"), "Patient/other"), Ruling::deny);
}

TEST(Consent, HoldsForItsTime) {
    EXPECT_EQ(ruling(R"({"type":"deny","period":{"end":"2027-01-14"}})"), std::nullopt);
    EXPECT_EQ(ruling(R"({"type":"deny","period":{"end":"2027-01-15"}})"), Ruling::deny) << "the day included";
    EXPECT_EQ(ruling(R"({"type":"deny","period":{"start":"2027-01-16"}})"), std::nullopt);
    EXPECT_EQ(ruling(R"({"type":"deny","period":{"start":"yesterday"}})"), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"permit","period":{"end":"soon"}})"), Ruling::deny);
}

TEST(Consent, ThatIsNotUnderstoodDeniesEverything) {
    EXPECT_EQ(ruling_of(*consent_of(R"({"type":"permit"})", R"(,"modifierExtension":[{"url":"x"}])")),
              Ruling::deny);
    std::string deep = R"({"type":"permit"})";
    for (int i = 0; i < 10; ++i) deep = fmt::format(R"({{"type":"permit","provision":[{}]}})", deep);
    EXPECT_EQ(ruling(deep), Ruling::deny);
}

TEST(Consent, ToSomethingElseOrNotActiveSaysNothing) {
    const auto read = [](std::string_view text) {
        const auto document = json::Document::parse(std::string{text}).value();
        return read_consent(document.root()).has_value();
    };
    EXPECT_TRUE(read(R"({"status":"active","scope":{"coding":[{"code":"patient-privacy"}]}})"));
    EXPECT_FALSE(read(R"({"status":"inactive","scope":{"coding":[{"code":"patient-privacy"}]}})"));
    EXPECT_FALSE(read(R"({"status":"active","scope":{"coding":[{"code":"treatment"}]}})"));
}

TEST(Consents, OneThatDeniesIsEnough) {
    const auto resource = json::Document::parse(lab_result).value();
    const ConsentQuestion question{.fhir_user = "Practitioner/d1",
                                   .client = {},
                                   .purpose = "TREAT",
                                   .action = "access",
                                   .type = fhir::ResourceType::observation,
                                   .id = "o1",
                                   .resource = resource.root(),
                                   .now = now};
    EXPECT_FALSE(is_denied({}, question));
    EXPECT_TRUE(
        is_denied({*consent_of(R"({"type":"permit"})"), *consent_of(R"({"type":"deny"})")}, question));
}

}   // namespace
}   // namespace ward::policy
