// SPDX-License-Identifier: Apache-2.0
#include "vault/tokens.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace ward::vault {
namespace {

using fhir::ResourceType;

TokenKey facility_key() { return TokenKey::of_facility(crypto::SecretBytes::random(32).value()).value(); }

std::vector<Token> tokens_of(const TokenKey& key, IndexScope scope, ResourceType type,
                             const std::string& json) {
    const auto document = json::Document::parse(json);
    std::vector<Token> tokens;
    append_tokens(key, scope, type, fhir::index_values(type, document->root()).value(), tokens);
    return tokens;
}

/// Whether the index would suggest a resource with these tokens.
bool suggests(const TokenKey& key, IndexScope scope, ResourceType type, const std::vector<Token>& tokens,
              std::string_view query) {
    const auto parsed = fhir::parse_query(type, parse_form(query).value());
    return std::ranges::all_of(parsed->filters, [&](const fhir::Filter& filter) {
        const auto wanted = lookup_tokens(key, scope, type, filter);
        return !wanted || std::ranges::any_of(*wanted, [&](Token token) {
            return std::ranges::binary_search(tokens, token);
        });
    });
}

const std::string amal = R"({"resourceType":"Patient","id":"p1",
  "identifier":[{"system":"urn:example:mrn","value":"MRN-4711"}],
  "name":[{"family":"Haddad","given":["Amal"]}],"gender":"female","birthDate":"1984-03-09",
  "telecom":[{"system":"phone","value":"+971 4 555 0199"}]})";

TEST(BlindIndex, SuggestsAPatientByNameIdentifierAndBirthDate) {
    const auto key = facility_key();
    constexpr auto scope = IndexScope::find_patient;
    const auto tokens = tokens_of(key, scope, ResourceType::patient, amal);
    const auto finds = [&](std::string_view query) {
        return suggests(key, scope, ResourceType::patient, tokens, query);
    };
    EXPECT_TRUE(finds("family=ha"));
    EXPECT_TRUE(finds("family=Haddad"));
    EXPECT_TRUE(finds("name=amal"));
    EXPECT_FALSE(finds("family=Hb"));
    EXPECT_FALSE(finds("given=haddad"));
    EXPECT_TRUE(finds("identifier=MRN-4711"));
    EXPECT_TRUE(finds("identifier=urn:example:mrn|MRN-4711"));
    EXPECT_FALSE(finds("identifier=urn:example:other|MRN-4711"));
    EXPECT_TRUE(finds("birthdate=1984"));
    EXPECT_TRUE(finds("birthdate=lt1990"));
    EXPECT_FALSE(finds("birthdate=gt1990"));
}

TEST(BlindIndex, AcrossPatientsHoldsNothingElse) {
    const auto key = facility_key();
    const auto full = tokens_of(key, IndexScope::find_patient, ResourceType::patient, amal);
    const auto bare = tokens_of(key, IndexScope::find_patient, ResourceType::patient,
                                R"({"resourceType":"Patient","id":"p1","gender":"female",
                                    "telecom":[{"system":"phone","value":"+971 4 555 0199"}]})");
    EXPECT_TRUE(bare.empty());
    EXPECT_FALSE(full.empty());
}

TEST(BlindIndex, OfTwoPatientsHasNothingInCommon) {
    const std::string observation = R"({"resourceType":"Observation","status":"final",
      "code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},"effectiveDateTime":"2026-01-02"})";
    const auto mine = TokenKey::of_owner(crypto::SecretBytes::random(32).value(), {}).value();
    const auto yours = TokenKey::of_owner(crypto::SecretBytes::random(32).value(), {}).value();
    const auto a = tokens_of(mine, IndexScope::patient, ResourceType::observation, observation);
    const auto b = tokens_of(yours, IndexScope::patient, ResourceType::observation, observation);
    EXPECT_EQ(a.size(), b.size());
    std::vector<Token> shared;
    std::ranges::set_intersection(a, b, std::back_inserter(shared));
    EXPECT_TRUE(shared.empty());
}

// R4, search.html#prefix: the index may suggest too much, and must never suggest too little.
TEST(BlindIndex, NeverHidesAPeriodThatTheSearchWants) {
    const auto key = facility_key();
    const std::string encounter = R"({"resourceType":"Encounter","status":"finished",
      "period":{"start":"2024-02-10","end":"2024-03-20"}})";
    const auto encounter_type = *fhir::resource_type("Encounter");
    const auto tokens = tokens_of(key, IndexScope::patient, encounter_type, encounter);
    const auto finds = [&](std::string_view query) {
        return suggests(key, IndexScope::patient, encounter_type, tokens, query);
    };
    EXPECT_TRUE(finds("date=2024"));
    EXPECT_TRUE(finds("date=ge2024-03-01"));
    EXPECT_TRUE(finds("date=le2024-02-15"));
    EXPECT_TRUE(finds("date=gt2024-03-19"));
    EXPECT_TRUE(finds("date=lt2024-02-11"));
    EXPECT_TRUE(finds("date=sa2024-02-09"));
    EXPECT_TRUE(finds("date=eb2024-03-21"));
    EXPECT_FALSE(finds("date=gt2024-03-21"));
    EXPECT_FALSE(finds("date=lt2024-02-09"));
    EXPECT_FALSE(finds("date=2025"));
}

TEST(BlindIndex, FindsAReferenceWithOrWithoutItsType) {
    const auto key = facility_key();
    const auto role = *fhir::resource_type("PractitionerRole");
    const auto tokens = tokens_of(key, IndexScope::facility, role, R"({"resourceType":"PractitionerRole",
      "practitioner":{"reference":"Practitioner/d1"},"organization":{"reference":"Organization/o1"}})");
    EXPECT_TRUE(suggests(key, IndexScope::facility, role, tokens, "practitioner=Practitioner/d1"));
    EXPECT_TRUE(suggests(key, IndexScope::facility, role, tokens, "practitioner=d1"));
    EXPECT_FALSE(suggests(key, IndexScope::facility, role, tokens, "practitioner=d2"));
    EXPECT_FALSE(suggests(key, IndexScope::facility, role, tokens, "organization=o2"));
}

}   // namespace
}   // namespace ward::vault
