// SPDX-License-Identifier: Apache-2.0
// SMART App Launch 2.x scopes: what a token lets its bearer do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "fhir/query.hpp"

namespace ward::vault {

/// SMART's letters, in the order in which a scope must list them.
enum class Permission : std::uint8_t { create = 1, read = 2, update = 4, remove = 8, search = 16 };

/// Whose records a scope is about: those of the token's patient, or all.
enum class Reach : std::uint8_t { patient, user, system };

struct Scope {
    Reach reach = Reach::system;
    std::string resource_type;   // or "*"
    std::uint8_t permissions = 0;
    std::optional<fhir::Query> only;   // the resources that it is about; of `resource_type`
    std::string text;                  // as it was granted
};

/// Reads a space-separated scope text of SMART v2, such as `patient/Observation.rs?category=laboratory`, or
/// v1. `openid` and other scopes that name no resource give no rights. What Ward could not keep, such as a
/// search parameter that it does not know, refuses the whole text (Errc::denied); the error names the scope
/// at fault.
Result<std::vector<Scope>> parse_scopes(std::string_view text);

/// Whether the scope is about resources of this type, and gives this permission for some of them.
bool gives(const Scope& scope, std::string_view resource_type, Permission permission);

}   // namespace ward::vault
