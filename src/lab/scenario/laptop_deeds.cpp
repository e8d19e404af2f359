// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/laptop_deeds.hpp"

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

}   // namespace

Result<Laptop> LaptopDeeds::laptop_of(const Cast& cast) {
    const auto role = role_of(cast);
    const auto laptop = work_.reserve(role, *dice_);
    if (!laptop) return tl::unexpected(nobody(*cast.step));
    return *laptop;
}

void LaptopDeeds::write(const Laptop& laptop, Theme theme, Moment at, std::uint32_t label) {
    story_.agenda().at(at, [this, laptop, theme, label] {
        post_.open({.topic = &dice_->pick(topics_of(theme)),
                    .writer = post_.composer().of_staff(laptop.owner),
                    .readers = {post_.composer().of_house("IT Service Desk", "servicedesk")},
                    .label = label});
    });
}

/// As often as the step says, one after the other.
void LaptopDeeds::plan_sittings(const Cast& cast, Sitting sitting, Moment at) {
    const auto& step = *cast.step;
    sitting.label = cast.label;
    for (int left = static_cast<int>(step.number("sittings")); left > 0; --left) {
        sitting.charts = static_cast<int>(dice_->around(step.number("charts"), 1.3));
        sitting.files = static_cast<int>(dice_->around(step.number("files"), 1.3));
        sitting.seconds_apart = dice_->around(step.number("seconds_apart"), 1.3);
        story_.agenda().at(at, [this, sitting] { work_.sit(sitting); });
        at += minutes_of(dice_->around(step.number("minutes_between"), 1.3));
    }
}

Result<> LaptopDeeds::steal(const Cast& cast) {
    const auto laptop = TRY(laptop_of(cast));
    story_.agenda().at(cast.at, [this, laptop] { work_.take_away(laptop.device); });
    Sitting sitting{.laptop = laptop, .from = any_address_outside(*dice_), .is_of_others = true};
    plan_sittings(cast, sitting, cast.at + minutes_of(dice_->around(90, 1.5)));
    write(laptop, Theme::lost_thing,
          cast.at + minutes_of(dice_->around(cast.step->number("report_after_minutes"), 1.2)), 0);
    return {};
}

Result<> LaptopDeeds::work_from_outside(const Cast& cast) {
    const auto laptop = TRY(laptop_of(cast));
    const auto address = cast.step->word("from") == "home" ? laptop.home : any_address_outside(*dice_);
    story_.agenda().at(cast.at, [this, laptop] { work_.take_away(laptop.device); });
    plan_sittings(cast, {.laptop = laptop, .from = address}, cast.at);
    return {};
}

Result<> LaptopDeeds::miss(const Cast& cast) {
    const auto laptop = TRY(laptop_of(cast));
    story_.agenda().at(cast.at, [this, laptop] { work_.take_away(laptop.device); });
    const auto reported = cast.at + minutes_of(dice_->around(90, 1.5));
    const auto found = reported + minutes_of(dice_->around(cast.step->number("found_after_minutes"), 1.2));
    write(laptop, Theme::lost_thing, reported, cast.label);
    write(laptop, Theme::found_thing, found, cast.label);
    plan_sittings(cast, {.laptop = laptop, .from = laptop.home}, found + minutes_of(dice_->around(60, 1.5)));
    return {};
}

Result<> LaptopDeeds::replace(const Cast& cast) {
    const auto laptop = TRY(laptop_of(cast));
    const auto replaced = cast.at + minutes_of(dice_->around(cast.step->number("after_minutes"), 1.2));
    write(laptop, Theme::lost_thing, cast.at, cast.label);
    write(laptop, Theme::found_thing, replaced, cast.label);
    story_.agenda().at(cast.at, [this, laptop] { work_.take_away(laptop.device); });
    story_.agenda().at(replaced, [this, cast, laptop] {
        const auto fresh = work_.replace(laptop);
        plan_sittings(cast, {.laptop = fresh, .from = fresh.home},
                      story_.now() + minutes_of(dice_->around(50, 1.5)));
    });
    return {};
}

}   // namespace ward::lab
