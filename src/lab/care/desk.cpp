// SPDX-License-Identifier: Apache-2.0
#include "lab/care/desk.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;

constexpr auto clinical = std::to_array<Screen>(
    {Screen::summary, Screen::results, Screen::notes, Screen::orders, Screen::medicines, Screen::images});
constexpr auto signed_off_after = 20min;   // without a click

}   // namespace

DeviceId Desk::sit(StaffId who, DepartmentId where, std::uint32_t label) {
    auto& seat = seats_[place(who)];
    auto& dice = random_.of(place(who));
    const auto now = story_.now();
    const auto& here = story_.network().workstations_of(where);
    const bool is_here = seat.workstation && story_.network().at(*seat.workstation).department == where;
    if (is_here && now - seat.last < signed_off_after && dice.chance(0.97)) {
        seat.last = now;
        return *seat.workstation;
    }
    const auto before = seat.workstation;
    seat.workstation = dice.pick(here);
    seat.last = now;
    if (before) story_.tell(who, SessionChanged{SessionChanged::What::closed, *before}, label);
    if (dice.chance(0.02))   // a mistyped password
        story_.tell(who, SessionChanged{SessionChanged::What::refused, *seat.workstation}, label);
    story_.tell(who, SessionChanged{SessionChanged::What::opened, *seat.workstation}, label);
    return *seat.workstation;
}

void Desk::open(const Visit& visit, DeviceId workstation, Step step) {
    story_.tell(visit.who,
                ChartOpened{.patient = visit.patient,
                            .encounter = visit.encounter,
                            .screen = step.screen,
                            .doing = step.doing,
                            .purpose = visit.purpose,
                            .workstation = workstation,
                            .reason = visit.reason},
                visit.label);
}

void Desk::visit(const Visit& visit, std::vector<Step> steps) {
    const auto workstation =
        visit.workstation ? *visit.workstation : sit(visit.who, visit.where, visit.label);
    auto& dice = random_.of(place(visit.who));
    std::chrono::microseconds later{0};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto step = steps[i];
        // Those who look for something turn a few more pages.
        if (step.doing == Doing::view && visit.purpose == Purpose::treatment && dice.chance(0.72))
            steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                         {dice.pick(clinical), Doing::view});
        story_.agenda().in(later, [this, visit, workstation, step] { open(visit, workstation, step); });
        later += seconds_of(dice.around(14, 2.2));
    }
}

void Desk::view(const Visit& visit, std::initializer_list<Screen> screens) {
    std::vector<Step> steps;
    for (const auto screen : screens) steps.push_back({screen, Doing::view});
    this->visit(visit, std::move(steps));
}

}   // namespace ward::lab
