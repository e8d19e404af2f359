// SPDX-License-Identifier: Apache-2.0
#include "lab/care/orders.hpp"

#include <algorithm>
#include <cmath>

namespace ward::lab {

using namespace std::chrono_literals;

OrderId Orders::place_order(EncounterId encounter, OrderKind kind, int what, StaffId by) {
    auto& story = floor_.story;
    const auto id = story.add(Order{encounter, kind, what, {}, {}, by, story.now()});
    story.tell(by, OrderPlaced{id});
    return id;
}

/// Of the same site; a practice has none, and sends its specimens away.
DepartmentId Orders::of_kind(DepartmentKind kind, OrderId order) const {
    const auto& story = floor_.story;
    const auto here = story.at(story.at(order).encounter).department;
    for (const auto id : story.hospital().departments_of(kind))
        if (story.hospital().at(id).site == story.hospital().at(here).site) return id;
    return here;
}

Visit Orders::visit_for(OrderId order, StaffId who, DepartmentId where) const {
    const auto encounter = floor_.story.at(order).encounter;
    return {
        .who = who, .where = where, .patient = floor_.story.at(encounter).patient, .encounter = encounter};
}

void Orders::laboratory(EncounterId encounter, int panel, StaffId by) {
    const auto id = place_order(encounter, OrderKind::laboratory, panel, by);
    floor_.story.agenda().in(between(*random_, 8min, 40min), [this, id] { take_specimen(id); });
}

void Orders::take_specimen(OrderId id) {
    auto& story = floor_.story;
    const auto where = story.at(story.at(id).encounter).department;
    if (const auto nurse = story.roster().someone(where, Role::nurse, story.now(), *random_))
        floor_.desk.visit(visit_for(id, *nurse, where), {{Screen::orders}, {Screen::orders, Doing::change}});
    story.agenda().in(between(*random_, 25min, 100min), [this, id] { analyse(id); });
}

void Orders::analyse(OrderId id) {
    auto& story = floor_.story;
    if (story.now() < silent_until_) {
        story.agenda().at(silent_until_ + between(*random_, 1min, 90min), [this, id] { analyse(id); });
        return;
    }
    const auto bench = of_kind(DepartmentKind::laboratory, id);
    auto& order = story.at(id);
    const auto technologist =
        story.roster().someone(bench, Role::laboratory_technologist, story.now(), *random_);
    if (technologist)
        floor_.desk.visit(visit_for(id, *technologist, bench),
                          {{Screen::orders}, {Screen::results, Doing::change}});
    order.values = measure(panels()[static_cast<std::size_t>(order.what)], story.at(order.encounter));
    order.is_done = true;
    story.tell(technologist, ResultFiled{id});
    story.agenda().in(between(*random_, 3min, 75min), [this, id] { look_at_result(id, Screen::results); });
    if (corrections_.chance(0.025))
        story.agenda().in(between(corrections_, 15min, 200min), [this, id] { correct(id); });
}

/// Measured once more, from a specimen that is not haemolysed or was not mixed up.
void Orders::correct(OrderId id, std::uint32_t label) {
    auto& story = floor_.story;
    const auto bench = of_kind(DepartmentKind::laboratory, id);
    const auto who = story.roster().someone(bench, Role::laboratory_technologist, story.now(), corrections_);
    auto& order = story.at(id);
    const auto& panel = panels()[static_cast<std::size_t>(order.what)];
    for (std::size_t i = 0; i < order.values.size(); ++i) {
        if (i > 0 && !corrections_.chance(0.4)) continue;
        const auto scale = std::pow(10, panel.quantities[i].decimals);
        order.values[i] = std::round(corrections_.around(order.values[i], 1.25) * scale) / scale;
    }
    story.tell(who, ResultFiled{id, true}, label);
}

/// Around the middle of what is normal; the sicker, the more often beside it.
std::vector<double> Orders::measure(const Panel& panel, const Encounter& encounter) {
    std::vector<double> values;
    for (const auto& quantity : panel.quantities) {
        const auto half = (quantity.high - quantity.low) / 2;
        const auto spread = half * (0.45 + 0.9 * encounter.severity);
        const auto value = std::max(quantity.low * 0.2, random_->normal(quantity.low + half, spread));
        const auto scale = std::pow(10, quantity.decimals);
        values.push_back(std::round(value * scale) / scale);
    }
    return values;
}

void Orders::imaging(EncounterId encounter, int what, StaffId by) {
    const auto id = place_order(encounter, OrderKind::imaging, what, by);
    floor_.story.agenda().in(between(*random_, 20min, 150min), [this, id] { picture(id); });
}

void Orders::picture(OrderId id) {
    auto& story = floor_.story;
    const auto room = of_kind(DepartmentKind::radiology, id);
    const auto who = story.roster().someone(room, Role::radiographer, story.now(), *random_);
    story.tell(who, StudyTaken{id});
    if (who)
        floor_.desk.visit(visit_for(id, *who, room),
                          {{Screen::summary}, {Screen::orders}, {Screen::images, Doing::change}});
    story.agenda().in(between(*random_, 15min, 180min), [this, id] { report(id); });
}

void Orders::report(OrderId id) {
    auto& story = floor_.story;
    const auto room = of_kind(DepartmentKind::radiology, id);
    const auto radiologist = story.roster().someone(room, Role::physician, story.now(), *random_);
    if (radiologist)
        floor_.desk.visit(visit_for(id, *radiologist, room),
                          {{Screen::images}, {Screen::results}, {Screen::notes, Doing::change}});
    story.at(id).is_done = true;
    story.tell(radiologist, ResultFiled{id});
    story.agenda().in(between(*random_, 3min, 60min), [this, id] { look_at_result(id, Screen::images); });
}

void Orders::look_at_result(OrderId id, Screen screen) {
    auto& story = floor_.story;
    const auto& order = story.at(id);
    const auto where = story.at(order.encounter).department;
    auto who = std::optional{order.by};
    if (!story.roster().is_on_duty(order.by, story.now()))
        who = story.roster().someone(where, story.hospital().at(order.by).role, story.now(), *random_);
    if (who) floor_.desk.view(visit_for(id, *who, where), {screen, Screen::summary});
}

void Orders::medicine(EncounterId encounter, int what, StaffId by) {
    const auto id = place_order(encounter, OrderKind::medicine, what, by);
    floor_.story.agenda().in(between(*random_, 4min, 45min), [this, id] { verify(id); });
}

void Orders::verify(OrderId id) {
    auto& story = floor_.story;
    const auto counter = of_kind(DepartmentKind::pharmacy, id);
    story.at(id).is_done = true;
    if (const auto pharmacist = story.roster().someone(counter, Role::pharmacist, story.now(), *random_))
        floor_.desk.visit(visit_for(id, *pharmacist, counter),
                          {{Screen::medicines}, {Screen::results}, {Screen::medicines, Doing::change}});
}

void Orders::usual(EncounterId encounter, StaffId by, double laboratory, double imaging, double medicine) {
    const auto& illness = *floor_.story.at(encounter).illness;
    for (const auto panel : illness.panels)
        if (random_->chance(laboratory)) this->laboratory(encounter, panel, by);
    for (const auto what : illness.imaging)
        if (random_->chance(imaging)) this->imaging(encounter, what, by);
    for (const auto what : illness.medicines)
        if (random_->chance(medicine)) this->medicine(encounter, what, by);
}

}   // namespace ward::lab
