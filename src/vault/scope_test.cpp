// SPDX-License-Identifier: Apache-2.0
#include "vault/scope.hpp"

#include <gtest/gtest.h>

namespace ward::vault {
namespace {

bool may(std::string_view scope, std::string_view type, Permission permission) {
    return allows(parse_scopes(scope).value(), type, permission);
}

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
}

TEST(Scope, AnythingThatWardCouldNotKeepIsRefused) {
    EXPECT_EQ(parse_scopes("patient/*.rs").error().code, Errc::denied);
    EXPECT_EQ(parse_scopes("user/Observation.rs?category=laboratory").error().code, Errc::denied);
    EXPECT_EQ(parse_scopes("system/*.sr").error().code, Errc::malformed);   // out of order
    EXPECT_EQ(parse_scopes("system/*.").error().code, Errc::malformed);
    EXPECT_EQ(parse_scopes("system/../x.r").error().code, Errc::malformed);
}

TEST(Scope, ScopesWithoutAResourceGiveNothing) {
    EXPECT_FALSE(may("openid fhirUser launch", "Patient", Permission::read));
    EXPECT_TRUE(may("openid system/Patient.r", "Patient", Permission::read));
}

}   // namespace
}   // namespace ward::vault
