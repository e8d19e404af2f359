// SPDX-License-Identifier: Apache-2.0
// Those who lie in a bed: rounds, measurements, medicines, notes, until they go home.
#pragma once

#include "lab/care/orders.hpp"

namespace ward::lab {

/// Borrows the floor and the orders.
class Wards {
public:
    Wards(Floor& floor, Orders& orders);

    /// Those who lie here when the story begins.
    void fill();

    /// A bed on a ward of this kind, or on another one that can do; nothing if all are taken.
    std::optional<BedId> free_bed(DepartmentKind kind, int site);
    std::optional<EncounterId> take_in(PatientId patient, DepartmentId department);
    /// From the emergency department, or from home.
    void admit(EncounterId encounter, BedId bed, std::optional<StaffId> by);

private:
    const Illness* illness_for(const Person& person, DepartmentKind kind);
    void stay(EncounterId encounter, std::chrono::microseconds left);
    void next_shift(EncounterId encounter);
    void nurse(EncounterId encounter);
    void morning(EncounterId encounter);
    void review(EncounterId encounter);
    void round(EncounterId encounter);
    void watch(EncounterId encounter);
    void infuse(EncounterId encounter, DeviceId pump, int medicine, double rate, double infused);
    void measure(EncounterId encounter, std::optional<StaffId> by, std::optional<DeviceId> monitor);
    void move_out_of_intensive(EncounterId encounter);
    void discharge(EncounterId encounter);
    void code(EncounterId encounter);
    bool is_here(EncounterId encounter) const { return !floor_.story.at(encounter).ended; }
    std::optional<StaffId> nurse_of(EncounterId encounter);
    Visit visit_by(StaffId who, EncounterId encounter) const;

    Floor& floor_;
    Orders& orders_;
    Dice random_;
    std::vector<bool> taken_;                           // of each bed
    std::vector<std::optional<DeviceId>> monitor_of_;   // of each bed
    std::vector<std::vector<DeviceId>> pumps_of_;       // of each bed
};

}   // namespace ward::lab
