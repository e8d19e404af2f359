// SPDX-License-Identifier: Apache-2.0
// Those who have an appointment; and the offices, where charts are looked at for other reasons than care.
#pragma once

#include "lab/care/orders.hpp"

namespace ward::lab {

/// Borrows the floor and the orders.
class Clinics {
public:
    Clinics(Floor& floor, Orders& orders)
        : floor_(floor), orders_(orders), random_(floor.story.dice("clinics")) {}

    void begin();

private:
    void plan_day(std::chrono::sys_days day);
    void plan_session(DepartmentId clinic, StaffId physician, std::chrono::sys_days day);
    void book(AppointmentId appointment);
    void come(AppointmentId appointment);
    void see(EncounterId encounter, StaffId physician);
    void leave(EncounterId encounter);
    void office_work(std::chrono::sys_days day);
    void correct_somebody();
    void merge_somebody();
    void release_a_chart();
    std::optional<EncounterId> some_encounter();
    Visit visit_by(StaffId who, EncounterId encounter) const;

    Floor& floor_;
    Orders& orders_;
    Dice random_;
};

}   // namespace ward::lab
