// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/cast.hpp"

#include <fmt/format.h>

namespace ward::lab {

Error wrong(const ScenarioStep& step, std::string_view what) {
    return {Errc::malformed, fmt::format("step '{}': {}", step.id, what)};
}

Error nobody(const ScenarioStep& step) {
    return {Errc::not_found,
            fmt::format("step '{}': in this hospital nobody could do that; try a larger size", step.id)};
}

Result<Role> role_of(const Cast& cast) {
    const auto wanted = cast.step->word("who");
    for (int i = 0; i <= static_cast<int>(Role::vendor_technician); ++i)
        if (name_of(static_cast<Role>(i)) == wanted) return static_cast<Role>(i);
    return tl::unexpected(wrong(*cast.step, fmt::format("nobody's role is '{}'", wanted)));
}

Result<StaffId> somebody(const Cast& cast, Story& story, Random& random) {
    const auto role = TRY(role_of(cast));
    std::vector<StaffId> able, there;
    for (std::uint32_t i = 0; i < story.hospital().staff.size(); ++i) {
        if (story.hospital().staff[i].role != role) continue;
        able.push_back(StaffId{i});
        if (story.roster().is_on_duty(StaffId{i}, cast.at)) there.push_back(StaffId{i});
    }
    if (able.empty()) return tl::unexpected(nobody(*cast.step));
    return random.pick(there.empty() ? able : there);
}

}   // namespace ward::lab
