// SPDX-License-Identifier: Apache-2.0
#include "lab/edge/partner_routine.hpp"

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr double move_share = 0.02;   // of a partner's days

}   // namespace

PartnerRoutine::PartnerRoutine(Story& story, Post& post, Moment end)
    : story_(story), post_(post), end_(end), random_(story.dice("partner routine")) {
    for (const auto& partner : story.outsiders().partners) states_.push_back({partner.address});
}

void PartnerRoutine::begin() {
    const auto count = static_cast<std::uint32_t>(story_.outsiders().partners.size());
    for (auto day = floor<days>(story_.begin()); day < end_; day += days{1})
        story_.agenda().at(day, [this, day, count] {
            for (std::uint32_t i = 0; i < count; ++i) plan_day(day, PartnerId{i});
        });
}

void PartnerRoutine::plan_day(sys_days day, PartnerId id) {
    const auto& partner = story_.outsiders().at(id);
    const bool is_free = is_weekend(day);
    if (is_free && !partner.works_weekends) return;
    for (int hour = 7; hour < 18; ++hour) {
        auto left = partner.calls_an_hour * (is_free ? 0.4 : 1);
        for (; left >= 1 || random_->chance(left); --left) {
            plan(day + hours{hour} + between(*random_, 0min, 59min),
                 {.partner = id,
                  .kilobytes_sent = random_->around(9, 2.5),
                  .kilobytes_received = random_->around(6, 2.5)});
            if (left < 1) break;
        }
    }
    // What was gathered all day, and the answers to it.
    for (int left = random_->between(1, 4); left > 0; --left)
        plan(day + between(*random_, 0h, 6h), {.partner = id,
                                               .kilobytes_sent = random_->around(60, 3),
                                               .kilobytes_received = random_->around(90, 3.5)});
    for (int left = random_->between(0, 2); left > 0; --left)
        plan(day + between(*random_, 18h, 24h - 1us), {.partner = id,
                                                       .kilobytes_sent = random_->around(40, 3),
                                                       .kilobytes_received = random_->around(60, 3.5)});
    if (random_->chance(move_share)) move_with_notice(id, day + between(*random_, 18h, 22h), 0);
}

void PartnerRoutine::plan(Moment at, const Call& one) {
    if (at >= story_.now()) story_.agenda().at(at, [this, one] { call(one); });
}

void PartnerRoutine::call(const Call& one) {
    constexpr double kilobytes_max = 6'000;
    const auto& state = states_[place(one.partner)];
    if (!one.from && is_silent(one.partner)) return;
    const auto bytes = [&](double kilobytes) {
        return static_cast<std::uint64_t>(std::min(kilobytes_max, random_->around(kilobytes, 1.4)) * 1e3);
    };
    story_.tell({},
                NetworkUsed{story_.network().one_of(DeviceKind::interface_engine, 0), "",
                            PartnerCalled{.partner = one.partner,
                                          .from = one.from ? *one.from : state.address,
                                          .messages = random_->between(1, 5),
                                          .sent = bytes(one.kilobytes_sent),
                                          .received = bytes(one.kilobytes_received)}},
                one.label);
}

void PartnerRoutine::announce(PartnerId id, std::uint32_t label) {
    const auto& partner = story_.outsiders().at(id);
    const auto& hospital = story_.hospital();
    const auto offices = hospital.departments_of(DepartmentKind::technology);
    const auto& readers = hospital.at(offices.empty() ? DepartmentId{} : offices.front()).staff;
    const auto domain = partner.host.substr(partner.host.find('.') + 1);
    Talk talk{.topic = &random_->pick(topics_of(Theme::maintenance)),
              .writer = {{partner.name, "operations@" + domain},
                         std::nullopt,
                         Checks{Verdict::pass, Verdict::pass, Verdict::pass}},
              .readers = {},
              .label = label};
    for (const auto reader : readers) talk.readers.push_back(post_.composer().of_staff(reader));
    post_.open(std::move(talk));
}

void PartnerRoutine::move_with_notice(PartnerId id, Moment at, std::uint32_t label) {
    const auto notice = std::max(story_.now(), at - between(*random_, 2h, 9h));
    story_.agenda().at(notice, [this, id, label] {
        if (!is_silent(id)) announce(id, label);
    });
    story_.agenda().at(at, [this, id] {
        if (is_silent(id)) return;   // who is lost does not move
        silence(id, story_.now() + between(*random_, 40min, 150min));
        move(id, any_address_outside(*random_));
    });
}

}   // namespace ward::lab
