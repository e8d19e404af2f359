// SPDX-License-Identifier: Apache-2.0
// What is ordered, by whom it is done, and who looks at what came of it.
#pragma once

#include "lab/care/floor.hpp"

namespace ward::lab {

/// Borrows the floor.
class Orders {
public:
    explicit Orders(Floor& floor)
        : floor_(floor),
          random_(floor.story.dice("orders")),
          corrections_(floor.story.random().stream("corrections")) {}

    /// What is analysed before `until` is told after it.
    void silence_laboratory(Moment until) { silent_until_ = until; }

    void laboratory(EncounterId encounter, int panel, StaffId by);
    void imaging(EncounterId encounter, int what, StaffId by);
    void medicine(EncounterId encounter, int what, StaffId by);
    /// What the illness calls for, each with this probability.
    void usual(EncounterId encounter, StaffId by, double laboratory, double imaging, double medicine);

    /// A result was wrong, and is filed again.
    void correct(OrderId order, std::uint32_t label = 0);

private:
    OrderId place_order(EncounterId encounter, OrderKind kind, int what, StaffId by);
    void take_specimen(OrderId order);
    void analyse(OrderId order);
    void picture(OrderId order);
    void report(OrderId order);
    void verify(OrderId order);
    void look_at_result(OrderId order, Screen screen);
    DepartmentId of_kind(DepartmentKind kind, OrderId order) const;
    Visit visit_for(OrderId order, StaffId who, DepartmentId where) const;
    std::vector<double> measure(const Panel& panel, const Encounter& encounter);

    Floor& floor_;
    Dice random_;
    Random corrections_;
    Moment silent_until_{};
};

}   // namespace ward::lab
