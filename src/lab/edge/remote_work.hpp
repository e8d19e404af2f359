// SPDX-License-Identifier: Apache-2.0
// Who takes a laptop home works from there too, through the hospital's remote access: in the evening, at
// weekends, from elsewhere when travelling. In the house it is one more computer.
#pragma once

#include <set>

#include "lab/care/desk.hpp"
#include "lab/files/cabinet.hpp"

namespace ward::lab {

/// What is done at a laptop from its opening to its closing.
struct Sitting {
    Laptop laptop;
    std::optional<Address> from{};   // outside; none: it is in the house
    int charts = 0;
    int files = 0;
    double seconds_apart = 200;
    bool is_of_others = false;   // charts of whoever there is, and not of one's own work
    std::uint32_t label = 0;
};

/// Borrows the story, the desk and the cabinet, and lives as long as the agenda runs.
class RemoteWork {
public:
    RemoteWork(Story& story, Desk& desk, Cabinet& cabinet, Moment end);

    /// Puts the days on the agenda.
    void begin();
    /// From now on, once whoever uses it now is done.
    void sit(Sitting sitting);
    /// From now on its owner does with it only what a step says.
    void take_away(DeviceId laptop) { gone_.insert(laptop); }
    /// A new one for whose other one is gone: in their hands from now on.
    Laptop replace(const Laptop& old);
    /// One that somebody in this role has and that no other step plays with, or nothing.
    std::optional<Laptop> reserve(Role role, Random& random);

private:
    void plan_day(std::chrono::sys_days day, const Laptop& laptop);
    void plan(Moment at, Sitting sitting);
    Sitting work_of(const Laptop& laptop);
    void open(const Sitting& sitting);
    void look(const Sitting& sitting);
    void read(const Sitting& sitting);
    void administer(const Sitting& sitting);
    void close(const Sitting& sitting, Address at_home, Vlan vlan);
    std::optional<EncounterId> encounter_for(const Sitting& sitting);
    std::optional<FileId> file_for(const Sitting& sitting);
    Address next_address(int site);

    Story& story_;
    Desk& desk_;
    Cabinet& cabinet_;
    Moment end_;
    Dice random_;
    std::set<DeviceId> gone_{};
    std::vector<Laptop> replaced_{};   // those that came
    std::set<DeviceId> in_use_{};
    std::set<StaffId> reserved_{};
    std::uint32_t lent_ = 0;   // addresses inside, so far
};

}   // namespace ward::lab
