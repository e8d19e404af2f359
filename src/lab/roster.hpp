// SPDX-License-Identifier: Apache-2.0
// Who is at work: three shifts a day, a rotation of four weeks, and a pool that goes where somebody is
// missing.
#pragma once

#include <optional>
#include <vector>

#include "lab/agenda.hpp"
#include "lab/hospital.hpp"

namespace ward::lab {

enum class Shift : std::uint8_t { day, evening, night };   // from 07:00, 15:00 and 23:00

/// What shift it is, and how many began before it since 1970.
Shift shift_at(Moment moment);
std::int64_t shift_number(Moment moment);
Moment end_of_shift(Moment moment);
bool is_weekend(Moment moment);
int hour_of(Moment moment);

/// Borrows the hospital. Asked in the order of time: it knows the current shift only.
class Roster {
public:
    explicit Roster(const Hospital& hospital) : hospital_(hospital) {}

    /// Those at work in a department, the pool's people where they were sent.
    const std::vector<StaffId>& on_duty(DepartmentId department, Moment moment);
    /// One of them; of those at home, whom they would call in, if nobody is there. Nothing if nobody has the
    /// role.
    std::optional<StaffId> someone(DepartmentId department, Role role, Moment moment, Random& random);
    bool is_on_duty(StaffId member, Moment moment) const;

private:
    void look(Moment moment);
    void send_pool(Moment moment);

    const Hospital& hospital_;
    std::int64_t current_ = -1;
    std::vector<std::vector<StaffId>> on_duty_;   // of each department
};

}   // namespace ward::lab
