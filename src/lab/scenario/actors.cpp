// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/actors.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::lab {

Result<int> site_of(const Cast& cast, const Story& story) {
    const auto site = static_cast<int>(cast.step->number("site", 1)) - 1;
    const auto& devices = story.network().devices;
    if (site < 0 || std::ranges::none_of(devices, [&](const auto& one) { return one.site == site; }))
        return tl::unexpected(nobody(*cast.step));
    return site;
}

Result<Actor> Actors::actor_of(const Cast& cast) {
    if (const auto known = known_.find(cast.step->word("as")); known != known_.end()) return known->second;
    auto actor = TRY(chosen_for(cast));
    remember(cast.step->word("as"), actor);
    return actor;
}

void Actors::remember(std::string_view name, const Actor& actor) {
    if (!name.empty()) known_.insert_or_assign(std::string{name}, actor);
}

Result<Actor> Actors::chosen_for(const Cast& cast) {
    const auto account = cast.step->word("account");
    if (!cast.step->word("machine").empty())
        return Actor{TRY(machine_of(cast, "machine")), std::string{account}, {}};
    const auto site = TRY(site_of(cast, story_));
    const auto role = TRY(role_of(cast));
    const auto& hospital = story_.hospital();
    std::vector<StaffId> able;
    for (std::uint32_t i = 0; i < hospital.staff.size(); ++i)
        if (hospital.staff[i].role == role && hospital.at(hospital.staff[i].home).site == site)
            able.push_back(StaffId{i});
    if (able.empty()) return tl::unexpected(nobody(*cast.step));
    return at_desk(random_.pick(able));
}

Actor Actors::at_desk(StaffId who) {
    const auto& member = story_.hospital().at(who);
    return {random_.pick(story_.network().workstations_of(member.home)), member.login, who};
}

Result<DeviceId> Actors::machine_of(const Cast& cast, std::string_view word, std::optional<DeviceId> other) {
    const auto wanted = cast.step->word(word);
    const auto site = TRY(site_of(cast, story_));
    for (int i = 0; i <= static_cast<int>(DeviceKind::router); ++i) {
        const auto kind = static_cast<DeviceKind>(i);
        if (name_of(kind) != wanted) continue;
        auto able = story_.network().of(kind, site);
        if (other) std::erase(able, *other);
        if (able.empty()) return tl::unexpected(nobody(*cast.step));
        return random_.pick(able);
    }
    return tl::unexpected(wrong(*cast.step, fmt::format("no kind of machine is called '{}'", wanted)));
}

}   // namespace ward::lab
