// SPDX-License-Identifier: Apache-2.0
// A step that is to come to pass, and who plays in it.
#pragma once

#include <string_view>

#include "core/result.hpp"
#include "lab/scenario/scenario.hpp"
#include "lab/story.hpp"

namespace ward::lab {

struct Cast {
    std::uint32_t label = 0;
    const ScenarioStep* step = nullptr;
    Moment at{};
};

/// Errc::not_found: the hospital has nobody, or nothing, of which it speaks.
Error nobody(const ScenarioStep& step);

/// The step's `who`.
Role role_of(const Cast& cast);
/// Somebody of this role, at the step's site if its deed has one; at work then, if anybody is.
Result<StaffId> somebody(const Cast& cast, Story& story, Random& random);

}   // namespace ward::lab
