// SPDX-License-Identifier: Apache-2.0
// How people use the record: they sit down somewhere, sign in, and go through the screens of a chart.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "lab/story.hpp"

namespace ward::lab {

struct Visit {
    StaffId who{};
    DepartmentId where{};   // they are then
    PatientId patient{};
    std::optional<EncounterId> encounter{};
    Purpose purpose = Purpose::treatment;
    std::string reason{};   // of broken glass
    std::uint32_t label = 0;
    std::optional<DeviceId> workstation{};   // none: one of the department's
};

struct Step {
    Screen screen{};
    Doing doing = Doing::view;
};

/// Borrows the story.
class Desk {
public:
    explicit Desk(Story& story)
        : story_(story), random_(story.dice("desk")), seats_(story.hospital().staff.size()) {}

    /// Opens the screens one after the other, some seconds apart, from now on.
    void visit(const Visit& visit, std::vector<Step> steps);
    void view(const Visit& visit, std::initializer_list<Screen> screens);

    /// Where somebody sits now: a workstation of the department, the same as before for the most part.
    DeviceId sit(StaffId who, DepartmentId where, std::uint32_t label = 0);

private:
    struct Seat {
        std::optional<DeviceId> workstation{};
        Moment last{};
    };

    void open(const Visit& visit, DeviceId workstation, Step step);

    Story& story_;
    Dice random_;
    std::vector<Seat> seats_;   // of each member of the staff
};

}   // namespace ward::lab
