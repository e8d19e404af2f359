// SPDX-License-Identifier: Apache-2.0
#include "lab/story.hpp"

#include <fmt/format.h>
#include <utility>

namespace ward::lab {
namespace {

/// Numbers go on from day to day, so that those of one day are not those of another.
std::uint64_t days_before(std::chrono::year_month_day first_day) {
    constexpr std::chrono::sys_days first_number{std::chrono::year{2020} / 1 / 1};
    return static_cast<std::uint64_t>((std::chrono::sys_days{first_day} - first_number).count());
}

}   // namespace

Story::Story(Size size, std::uint64_t seed, std::chrono::year_month_day first_day)
    : hospital_(make_hospital(size, Random{seed}, first_day)),
      network_(make_network(hospital_, Random{seed})),
      outsiders_(make_outsiders(hospital_.size, Random{seed})),
      random_(Random{seed}.stream(days_before(first_day))),
      roster_(hospital_),
      begin_(std::chrono::sys_days{first_day}),
      agenda_(begin_),
      days_before_(days_before(first_day)),
      patient_of_(hospital_.town.people.size()) {
    register_people(Random{seed}.stream("patients"));
}

/// Most people have been here before. Medical record numbers say nothing of who somebody is, nor of when they
/// came first.
void Story::register_people(Random random) {
    const auto people = hospital_.town.people.size();
    for (std::uint32_t i = 0; i < people; ++i) numbers_.push_back(i);
    for (std::size_t i = people; i > 1; --i) std::swap(numbers_[i - 1], numbers_[random.below(i)]);
    for (std::uint32_t i = 0; i < people; ++i)
        if (random.chance(0.7)) add_patient(PersonId{i});
}

std::optional<PatientId> Story::patient_of(PersonId person) const { return patient_of_[place(person)]; }

PatientId Story::add_patient(PersonId person) {
    const PatientId id{static_cast<std::uint32_t>(patients_.size())};
    patients_.push_back({person, fmt::format("{:07}", 1'000'019 + numbers_[place(person)] * 13)});
    patient_of_[place(person)] = id;
    return id;
}

DeviceId Story::plug_in(Device device) { return network_.plug_in(std::move(device)); }

void Story::carry(DeviceId device, Vlan vlan, Address address) {
    network_.at(device).vlan = vlan;
    network_.at(device).address = address;
}

PatientId Story::add_second_patient(PersonId person) {
    const auto first = patient_of_[place(person)];
    const auto id = add_patient(person);
    patients_.back().mrn = fmt::format("{}", 7'000'000 + days_before_ * 100 + ++twins_);
    patient_of_[place(person)] = first;
    return id;
}

EncounterId Story::add(Encounter encounter) {
    const EncounterId id{static_cast<std::uint32_t>(encounters_.size())};
    encounter.number = fmt::format("{}", days_before_ * 20'000 + place(id));
    encounters_.push_back(std::move(encounter));
    return id;
}

OrderId Story::add(Order order) {
    const OrderId id{static_cast<std::uint32_t>(orders_.size())};
    order.placer = fmt::format("{}", days_before_ * 100'000 + place(id));
    order.filler = fmt::format("{}{:07}", std::string_view{"LRM"}[static_cast<std::size_t>(order.kind)],
                               days_before_ * 100'000 + place(id));
    orders_.push_back(std::move(order));
    return id;
}

AppointmentId Story::add(Appointment appointment) {
    const AppointmentId id{static_cast<std::uint32_t>(appointments_.size())};
    appointment.number = fmt::format("{}", days_before_ * 100'000 + place(id));
    appointments_.push_back(std::move(appointment));
    return id;
}

void Story::tell(std::optional<StaffId> by, Happening what, std::uint32_t label) {
    const Agenda::Because because{agenda_, label};
    const Act act{++acts_, now(), by, std::move(what), label};
    for (auto* witness : witnesses_) witness->see(act, *this);
}

}   // namespace ward::lab
