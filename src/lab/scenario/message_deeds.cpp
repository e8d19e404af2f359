// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/message_deeds.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

}   // namespace

void MessageDeeds::repeat(const Cast& cast, DeviceId from, Deed deed) {
    const auto span = cast.step->number("minutes") * 60e6;
    for (auto left = static_cast<int>(cast.step->number("count")); left > 0; --left)
        story_.agenda().at(cast.at + microseconds{static_cast<std::int64_t>(dice_->uniform() * span)},
                           [this, cast, from, deed] { (this->*deed)(cast, from); });
}

void MessageDeeds::wait(const Cast& cast, DeviceId from, Deed deed) {
    story_.agenda().in(10min, [this, cast, from, deed] { (this->*deed)(cast, from); });
}

std::optional<PatientId> MessageDeeds::some_patient() {
    std::vector<PatientId> able;
    for (std::uint32_t i = 0; i < story_.patients(); ++i)
        if (!story_.at(PatientId{i}).merged_into) able.push_back(PatientId{i});
    if (able.empty()) return std::nullopt;
    return dice_->pick(able);
}

std::optional<OrderId> MessageDeeds::some_result() {
    std::vector<OrderId> able;
    for (std::uint32_t i = 0; i < story_.orders(); ++i)
        if (story_.at(OrderId{i}).is_done && story_.at(OrderId{i}).kind == OrderKind::laboratory)
            able.push_back(OrderId{i});
    if (able.empty()) return std::nullopt;
    return dice_->pick(able);
}

std::optional<EncounterId> MessageDeeds::some_encounter() {
    if (story_.encounters() == 0) return std::nullopt;
    return EncounterId{static_cast<std::uint32_t>(dice_->below(story_.encounters()))};
}

Result<> MessageDeeds::forge_merges(const Cast& cast) {
    repeat(cast, TRY(actors_.actor_of(cast)).machine, &MessageDeeds::forge_merge);
    return {};
}

void MessageDeeds::forge_merge(const Cast& cast, DeviceId from) {
    const auto one = some_patient(), other = some_patient();
    if (!one || !other || *one == *other) return wait(cast, from, &MessageDeeds::forge_merge);
    const PatientChanged merged{PatientChanged::What::merged, *one, *other};
    story_.tell(anybody(), MessageForged{from, merged}, cast.label);
}

Result<> MessageDeeds::forge_results(const Cast& cast) {
    repeat(cast, TRY(actors_.actor_of(cast)).machine, &MessageDeeds::forge_result);
    return {};
}

void MessageDeeds::forge_result(const Cast& cast, DeviceId from) {
    const auto order = some_result();
    if (!order) return wait(cast, from, &MessageDeeds::forge_result);
    ForgedResult forged{*order, story_.at(*order).values};
    for (auto& value : forged.values)
        if (dice_->chance(0.5)) value = std::round(dice_->around(value, 1.5) * 10) / 10;
    story_.tell({}, MessageForged{from, std::move(forged)}, cast.label);
}

Result<> MessageDeeds::merge_records(const Cast& cast) {
    if (story_.hospital().departments_of(DepartmentKind::registration).empty())
        return tl::unexpected(nobody(*cast.step));
    repeat(cast, {}, &MessageDeeds::merge);
    return {};
}

void MessageDeeds::merge(const Cast& cast, DeviceId from) {
    const auto right = some_patient();
    const auto office = story_.hospital().departments_of(DepartmentKind::registration).front();
    const auto clerk = story_.roster().someone(office, Role::clerk, story_.now(), *dice_);
    if (!right) return wait(cast, from, &MessageDeeds::merge);
    const auto twin = story_.add_second_patient(story_.at(*right).person);
    story_.tell(clerk, PatientChanged{PatientChanged::What::added, twin, std::nullopt}, cast.label);
    story_.agenda().in(minutes{dice_->between(2, 40)}, [this, cast, right = *right, twin, clerk] {
        story_.at(twin).merged_into = right;
        story_.tell(clerk, PatientChanged{PatientChanged::What::merged, right, twin}, cast.label);
    });
}

Result<> MessageDeeds::correct_results(const Cast& cast) {
    repeat(cast, {}, &MessageDeeds::correct);
    return {};
}

void MessageDeeds::correct(const Cast& cast, DeviceId from) {
    const auto order = some_result();
    if (!order) return wait(cast, from, &MessageDeeds::correct);
    care_.correct_result(*order, cast.label);
}

Result<> MessageDeeds::stand_in(const Cast& cast) {
    const auto system = TRY(actors_.machine_of(cast, "machine"));
    auto to = system;
    if (cast.step->word("by") == "another") {
        auto device = story_.network().at(system);
        device.name += "B";
        device.mac[5] = static_cast<std::uint8_t>(device.mac[5] + 8 + dice_->below(40));
        device.address = 0;
        to = story_.plug_in(std::move(device));
    }
    story_.agenda().at(cast.at, [this, cast, system, to] {
        if (to != system) story_.tell({}, NetworkUsed{to, {}, DeviceUse{PluggedIn{}}}, cast.label);
        story_.tell({}, SystemMoved{system, to}, cast.label);
    });
    story_.agenda().at(cast.at + minutes{static_cast<int>(cast.step->number("minutes"))}, [this, system, to] {
        story_.tell({}, SystemMoved{system, to, true});
    });
    return {};
}

Result<> MessageDeeds::send_oddly(const Cast& cast) {
    repeat(cast, TRY(actors_.actor_of(cast)).machine, &MessageDeeds::send_odd);
    return {};
}

void MessageDeeds::send_odd(const Cast& cast, DeviceId from) {
    const auto encounter = some_encounter();
    if (!encounter) return wait(cast, from, &MessageDeeds::send_odd);
    const auto how = static_cast<OddMessage::How>(dice_->below(6));
    story_.tell({}, MessageForged{from, OddMessage{how, *encounter}}, cast.label);
}

Result<> MessageDeeds::file_documents(const Cast& cast) {
    repeat(cast, {}, &MessageDeeds::file_document);
    return {};
}

/// A page that was scanned: 60 to 100 KB in base64.
void MessageDeeds::file_document(const Cast& cast, DeviceId from) {
    const auto encounter = some_encounter();
    if (!encounter) return wait(cast, from, &MessageDeeds::file_document);
    const auto kind = dice_->chance(0.5) ? NoteFiled::What::report : NoteFiled::What::discharge;
    const auto who =
        story_.roster().someone(story_.at(*encounter).department, Role::physician, story_.now(), *dice_);
    const auto bytes = 45'000 + dice_->below(29'000);
    story_.tell(who, NoteFiled{kind, *encounter, story_.next_note(), bytes}, cast.label);
}

Result<> MessageDeeds::break_trail(const Cast& cast) {
    repeat(cast, TRY(actors_.actor_of(cast)).machine, &MessageDeeds::break_entry);
    return {};
}

void MessageDeeds::break_entry(const Cast& cast, DeviceId from) {
    using enum EntryBroken::How;
    constexpr auto gentle = std::to_array<EntryBroken::How>({cut, no_count, short_count, long_count});
    const auto how = cast.step->word("how") == "gently" ? dice_->pick(gentle)
                                                        : static_cast<EntryBroken::How>(dice_->below(7));
    story_.tell(anybody(), EntryBroken{how, from}, cast.label);
}

/// Whose name it is given.
StaffId MessageDeeds::anybody() {
    return StaffId{static_cast<std::uint32_t>(dice_->below(story_.hospital().staff.size()))};
}

}   // namespace ward::lab
