// SPDX-License-Identifier: Apache-2.0
#include "lab/roster.hpp"

#include <algorithm>
#include <string_view>

namespace ward::lab {
namespace {

using namespace std::chrono;

constexpr auto first_begins = hours{7};

/// Four weeks: day, evening, night, or free.
constexpr std::string_view rotation = "DDDDDffEEEEEffNNNNfffDDDDDff";
static_assert(rotation.size() == 28);

hours since_midnight(Moment moment) { return duration_cast<hours>(moment - floor<days>(moment)); }

}   // namespace

std::int64_t shift_number(Moment moment) {
    return floor<hours>(moment.time_since_epoch() - first_begins).count() / 8;
}

Shift shift_at(Moment moment) { return static_cast<Shift>(shift_number(moment) % 3); }

Moment end_of_shift(Moment moment) { return Moment{first_begins + hours{8} * (shift_number(moment) + 1)}; }

bool is_weekend(Moment moment) {
    const weekday day{floor<days>(moment)};
    return day == Saturday || day == Sunday;
}

int hour_of(Moment moment) { return static_cast<int>(since_midnight(moment).count()); }

bool Roster::is_on_duty(StaffId member, Moment moment) const {
    const auto& one = hospital_.at(member);
    if (one.pattern == Pattern::office) {
        const auto hour = hour_of(moment);
        return !is_weekend(moment) && hour >= 8 && hour < 17;
    }
    const auto number = shift_number(moment);
    const auto today = rotation[static_cast<std::size_t>((number / 3 + one.offset) % 28)];
    return today == std::string_view{"DEN"}[static_cast<std::size_t>(number % 3)];
}

void Roster::look(Moment moment) {
    // Office hours begin within shifts: an hour is looked at anew.
    const auto hour = floor<hours>(moment.time_since_epoch()).count();
    if (hour == current_) return;
    current_ = hour;
    on_duty_.assign(hospital_.departments.size(), {});
    for (std::uint32_t i = 0; i < hospital_.staff.size(); ++i) {
        const StaffId member{i};
        const auto& one = hospital_.at(member);
        if (one.employment != Employment::float_pool && is_on_duty(member, moment))
            on_duty_[place(one.home)].push_back(member);
    }
    send_pool(moment);
}

/// Each goes to the ward with the most beds a nurse.
void Roster::send_pool(Moment moment) {
    std::vector<double> nurses(hospital_.departments.size());
    for (std::size_t i = 0; i < nurses.size(); ++i)
        nurses[i] = static_cast<double>(std::ranges::count_if(
            on_duty_[i], [&](StaffId member) { return hospital_.at(member).role == Role::nurse; }));
    for (std::uint32_t i = 0; i < hospital_.staff.size(); ++i) {
        if (hospital_.staff[i].employment != Employment::float_pool || !is_on_duty(StaffId{i}, moment))
            continue;
        std::size_t neediest = 0;
        double most = -1;
        for (std::size_t k = 0; k < nurses.size(); ++k) {
            const auto load = static_cast<double>(hospital_.departments[k].beds.size()) / (nurses[k] + 1);
            if (load > most) {
                most = load;
                neediest = k;
            }
        }
        ++nurses[neediest];
        on_duty_[neediest].push_back(StaffId{i});
    }
}

const std::vector<StaffId>& Roster::on_duty(DepartmentId department, Moment moment) {
    look(moment);
    return on_duty_[place(department)];
}

std::optional<StaffId> Roster::someone(DepartmentId department, Role role, Moment moment, Random& random) {
    std::vector<StaffId> able;
    const auto gather = [&](const std::vector<StaffId>& all) {
        std::ranges::copy_if(all, std::back_inserter(able),
                             [&](StaffId member) { return hospital_.at(member).role == role; });
    };
    gather(on_duty(department, moment));
    if (able.empty()) gather(hospital_.at(department).staff);
    if (able.empty()) return std::nullopt;
    return random.pick(able);
}

}   // namespace ward::lab
