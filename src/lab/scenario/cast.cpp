// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/cast.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "core/assert.hpp"

namespace ward::lab {

Error nobody(const ScenarioStep& step) {
    return {Errc::not_found,
            fmt::format("{}: step '{}': in this hospital nobody could do that; try a larger size", step.place,
                        step.id)};
}

Role role_of(const Cast& cast) {
    const auto found = std::ranges::find(names_of_roles(), cast.step->word("who"));
    WARD_ASSERT(found != names_of_roles().end());
    return static_cast<Role>(found - names_of_roles().begin());
}

Result<StaffId> somebody(const Cast& cast, Story& story, Random& random) {
    const auto role = role_of(cast);
    const auto site = cast.step->number_if_any("site");
    std::vector<StaffId> able, there;
    for (std::uint32_t i = 0; i < story.hospital().staff.size(); ++i) {
        const auto& member = story.hospital().staff[i];
        if (member.role != role || (site && story.hospital().at(member.home).site != *site - 1)) continue;
        able.push_back(StaffId{i});
        if (story.roster().is_on_duty(StaffId{i}, cast.at)) there.push_back(StaffId{i});
    }
    if (able.empty()) return tl::unexpected(nobody(*cast.step));
    return random.pick(there.empty() ? able : there);
}

}   // namespace ward::lab
