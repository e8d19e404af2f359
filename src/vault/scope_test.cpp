// SPDX-License-Identifier: Apache-2.0
#include "vault/scope.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace ward::vault {
namespace {

bool may(std::string_view text, std::string_view type, Permission permission) {
    return std::ranges::any_of(parse_scopes(text).value(),
                               [&](const Scope& scope) { return gives(scope, type, permission); });
}

Errc refusal(std::string_view text) { return parse_scopes(text).error().code; }

TEST(Scope, GivesOnlyTheLettersItNames) {
    EXPECT_TRUE(may("system/Patient.rs", "Patient", Permission::read));
    EXPECT_TRUE(may("system/Patient.rs", "Patient", Permission::search));
    EXPECT_FALSE(may("system/Patient.rs", "Patient", Permission::update));
    EXPECT_FALSE(may("system/Patient.rs", "Observation", Permission::read));
}

TEST(Scope, AStarIsEveryType) {
    EXPECT_TRUE(may("user/*.cruds", "Observation", Permission::remove));
    EXPECT_FALSE(may("user/*.r", "Observation", Permission::search));
}

TEST(Scope, OldStyleReadIsReadAndSearch) {
    EXPECT_TRUE(may("user/Patient.read", "Patient", Permission::search));
    EXPECT_FALSE(may("user/Patient.read", "Patient", Permission::create));
    EXPECT_TRUE(may("user/Patient.write", "Patient", Permission::remove));
    EXPECT_FALSE(may("user/Patient.write", "Patient", Permission::read));
    EXPECT_TRUE(may("patient/*.*", "Patient", Permission::update));
}

TEST(Scope, SaysWhoseRecordsItIsAbout) {
    const auto scopes = parse_scopes("patient/Observation.rs user/Patient.r system/*.s").value();
    EXPECT_EQ(scopes.at(0).reach, Reach::patient);
    EXPECT_EQ(scopes.at(1).reach, Reach::user);
    EXPECT_EQ(scopes.at(2).reach, Reach::system);
}

TEST(Scope, ARestrictionIsASearch) {
    const auto scopes =
        parse_scopes("user/Observation.rs?category=laboratory&code=http://loinc.org|718-7").value();
    ASSERT_TRUE(scopes.front().only);
    EXPECT_EQ(scopes.front().only->filters.size(), 2U);
}

TEST(Scope, AnythingThatWardCouldNotKeepIsRefused) {
    EXPECT_EQ(refusal("user/Observation.rs?no-such-parameter=x"), Errc::denied);
    EXPECT_EQ(refusal("user/Observation.rs?_count=1"), Errc::denied);
    EXPECT_EQ(refusal("user/Observation.rs?_has:Group:member:_id=g"), Errc::denied);
    EXPECT_EQ(refusal("user/Observation.rs?subject.name=x"), Errc::denied);
    EXPECT_EQ(refusal("user/*.rs?_id=x"), Errc::denied);
    EXPECT_EQ(refusal("user/Observation.rs?date=ap2026-01-01"), Errc::denied);
    EXPECT_EQ(refusal("user/Observation.rs?value-quantity=5,ap7"), Errc::denied);
    EXPECT_EQ(refusal("user/Observation.rs?code-value-quantity=718-7$ap7"), Errc::denied);
    EXPECT_EQ(refusal("user/Observation.rs?"), Errc::malformed);
    EXPECT_EQ(refusal("system/*.sr"), Errc::malformed);   // out of order
    EXPECT_EQ(refusal("system/*."), Errc::malformed);
    EXPECT_EQ(refusal("system/../x.r"), Errc::malformed);
}

TEST(Scope, ScopesWithoutAResourceGiveNothing) {
    EXPECT_FALSE(may("openid fhirUser launch launch/patient", "Patient", Permission::read));
    EXPECT_TRUE(may("openid system/Patient.r", "Patient", Permission::read));
}

}   // namespace
}   // namespace ward::vault
