// SPDX-License-Identifier: Apache-2.0
#include "lab/story.hpp"

#include <fmt/format.h>
#include <utility>

namespace ward::lab {

Story::Story(Size size, std::uint64_t seed, std::chrono::year_month_day first_day)
    : random_(seed),
      hospital_(make_hospital(size, random_, first_day)),
      network_(make_network(hospital_, random_)),
      roster_(hospital_),
      begin_(std::chrono::sys_days{first_day}),
      agenda_(begin_),
      patient_of_(hospital_.town.people.size()) {
    register_those_of_before();
}

/// Most people have been here before. The order in which they came says nothing of them.
void Story::register_those_of_before() {
    auto random = random_.stream("patients");
    std::vector<PersonId> people;
    for (std::uint32_t i = 0; i < hospital_.town.people.size(); ++i)
        if (random.chance(0.7)) people.push_back(PersonId{i});
    for (std::size_t i = people.size(); i > 1; --i) std::swap(people[i - 1], people[random.below(i)]);
    for (const auto person : people) add_patient(person);
}

std::optional<PatientId> Story::patient_of(PersonId person) const { return patient_of_[place(person)]; }

PatientId Story::add_patient(PersonId person) {
    const PatientId id{static_cast<std::uint32_t>(patients_.size())};
    patients_.push_back({person, fmt::format("{:07}", 1'000'019 + place(id) * 13)});
    patient_of_[place(person)] = id;
    return id;
}

PatientId Story::add_second_patient(PersonId person) {
    const auto first = patient_of_[place(person)];
    const auto id = add_patient(person);
    patient_of_[place(person)] = first;
    return id;
}

EncounterId Story::add(Encounter encounter) {
    const EncounterId id{static_cast<std::uint32_t>(encounters_.size())};
    encounter.number = fmt::format("{}", 40'000'000 + place(id));
    encounters_.push_back(std::move(encounter));
    return id;
}

OrderId Story::add(Order order) {
    const OrderId id{static_cast<std::uint32_t>(orders_.size())};
    order.placer = fmt::format("{}", 5'000'000 + place(id));
    order.filler =
        fmt::format("{}{:07}", std::string_view{"LRM"}[static_cast<std::size_t>(order.kind)], place(id) + 1);
    orders_.push_back(std::move(order));
    return id;
}

AppointmentId Story::add(Appointment appointment) {
    const AppointmentId id{static_cast<std::uint32_t>(appointments_.size())};
    appointment.number = fmt::format("{}", 900'000 + place(id));
    appointments_.push_back(std::move(appointment));
    return id;
}

void Story::tell(std::optional<StaffId> by, Happening what, std::uint32_t label) {
    const Act act{++acts_, now(), by, std::move(what), label};
    for (auto* witness : witnesses_) witness->see(act, *this);
}

}   // namespace ward::lab
