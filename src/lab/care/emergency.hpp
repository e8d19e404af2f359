// SPDX-License-Identifier: Apache-2.0
// Those who come unannounced.
#pragma once

#include "lab/care/wards.hpp"

namespace ward::lab {

/// Borrows the floor, the orders and the wards.
class Emergency {
public:
    Emergency(Floor& floor, Orders& orders, Wards& wards)
        : floor_(floor), orders_(orders), wards_(wards), random_(floor.story.dice("emergency")) {}

    void begin();

private:
    void next_arrival(DepartmentId department);
    void arrive(DepartmentId department);
    void triage(EncounterId encounter);
    void examine(EncounterId encounter);
    void break_glass(EncounterId encounter, StaffId who);
    void decide(EncounterId encounter);
    const Illness* illness_of(const Person& person);
    PersonId somebody();
    Visit visit_by(StaffId who, EncounterId encounter) const;

    Floor& floor_;
    Orders& orders_;
    Wards& wards_;
    Dice random_;
};

}   // namespace ward::lab
