// SPDX-License-Identifier: Apache-2.0
// SMART App Launch 2.x scopes: what a token lets its bearer do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace ward::vault {

/// SMART's letters, in the order in which a scope must list them.
enum class Permission : std::uint8_t { create = 1, read = 2, update = 4, remove = 8, search = 16 };

struct Scope {
    std::string resource_type;   // or "*"
    std::uint8_t permissions = 0;
};

/// Reads a space-separated scope text. `system/` and `user/` scopes give rights; `openid` and other scopes
/// that name no resource give none; `patient/` scopes and those restricted by a query are refused, since Ward
/// could not keep them (Errc::denied). The error names the scope at fault.
Result<std::vector<Scope>> parse_scopes(std::string_view text);

bool allows(const std::vector<Scope>& scopes, std::string_view resource_type, Permission permission);

}   // namespace ward::vault
