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

std::optional<Ruling> ruling(std::string_view provision, std::string_view user = "Practitioner/d1",
                             std::string_view purpose = "TREAT", std::string_view action = "access") {
    const auto resource = json::Document::parse(lab_result).value();
    return decide(*consent_of(provision), {.fhir_user = user,
                                           .client = "app",
                                           .purpose = purpose,
                                           .action = action,
                                           .type = fhir::ResourceType::observation,
                                           .id = "o1",
                                           .resource = resource.root(),
                                           .now = now});
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
    EXPECT_EQ(ruling(one, ""), std::nullopt);
}

TEST(Consent, WhatWardCannotTellCountsForADenialAndAgainstAPermission) {
    const auto* clinic = R"({"type":"deny","actor":[{"reference":{"reference":"Organization/clinic"}}]})";
    EXPECT_EQ(ruling(clinic), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"permit","actor":[{"reference":{"reference":"Organization/clinic"}}]})"),
              std::nullopt);
    EXPECT_EQ(ruling(R"({"type":"permit","dataPeriod":{"start":"2020"}})"), std::nullopt);
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

TEST(Consent, HoldsForItsTime) {
    EXPECT_EQ(ruling(R"({"type":"deny","period":{"end":"2027-01-14"}})"), std::nullopt);
    EXPECT_EQ(ruling(R"({"type":"deny","period":{"end":"2027-01-15"}})"), Ruling::deny) << "the day included";
    EXPECT_EQ(ruling(R"({"type":"deny","period":{"start":"2027-01-16"}})"), std::nullopt);
    EXPECT_EQ(ruling(R"({"type":"deny","period":{"start":"yesterday"}})"), Ruling::deny);
    EXPECT_EQ(ruling(R"({"type":"permit","period":{"end":"soon"}})"), std::nullopt);
}

TEST(Consent, ThatIsNotUnderstoodDeniesEverything) {
    const auto consent = consent_of(R"({"type":"permit"})", R"(,"modifierExtension":[{"url":"x"}])");
    EXPECT_EQ(consent->provision.ruling, Ruling::deny);
    std::string deep = R"({"type":"permit"})";
    for (int i = 0; i < 10; ++i) deep = fmt::format(R"({{"type":"permit","provision":[{}]}})", deep);
    EXPECT_EQ(consent_of(deep)->provision.ruling, Ruling::deny);
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
