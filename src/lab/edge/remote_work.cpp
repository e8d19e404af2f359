// SPDX-License-Identifier: Apache-2.0
#include "lab/edge/remote_work.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr double travel_share = 0.12;   // of sittings outside
constexpr std::uint32_t pool_size = 200;

/// How likely somebody opens it at home on an evening, or on a free day.
double eagerness(Role role) {
    switch (role) {
        case Role::physician: return 0.5;
        case Role::coder: return 0.35;
        case Role::it_administrator: return 0.4;
        default: return 0.3;
    }
}

}   // namespace

RemoteWork::RemoteWork(Story& story, Desk& desk, Cabinet& cabinet, Moment end)
    : story_(story), desk_(desk), cabinet_(cabinet), end_(end), random_(story.dice("remote work")) {}

void RemoteWork::begin() {
    for (auto day = floor<days>(story_.begin()); day < end_; day += days{1})
        story_.agenda().at(day, [this, day] {
            for (const auto& laptop : story_.network().laptops) plan_day(day, laptop);
            for (const auto& laptop : replaced_) plan_day(day, laptop);
        });
}

void RemoteWork::plan_day(sys_days day, const Laptop& laptop) {
    auto& dice = random_.of(place(laptop.device));
    const auto role = story_.hospital().at(laptop.owner).role;
    const auto outside = [&] { return dice.chance(travel_share) ? any_address_outside(dice) : laptop.home; };
    const auto put = [&](microseconds from, microseconds until, std::optional<Address> address) {
        auto sitting = work_of(laptop);
        sitting.from = address;
        plan(day + between(dice, from, until), sitting);
    };
    const bool is_free = is_weekend(day);
    if (dice.chance(eagerness(role))) put(is_free ? 9h : 17h, 23h, outside());
    if (dice.chance(0.08)) put(0h, 6h, outside());   // on call, or without sleep
    if (is_free) return;
    // Coders are at home two days of five, where they do what they do else in the office.
    if (role == Role::coder && dice.chance(0.4))
        for (int hour = 8; hour < 16; hour += 2) put(hours{hour}, hours{hour + 1}, laptop.home);
    else if (dice.chance(0.5))
        put(8h, 16h, std::nullopt);
}

void RemoteWork::plan(Moment at, Sitting sitting) {
    if (at < story_.now()) return;
    story_.agenda().at(at, [this, sitting] {
        if (!gone_.contains(sitting.laptop.device)) sit(sitting);
    });
}

Sitting RemoteWork::work_of(const Laptop& laptop) {
    Sitting sitting{.laptop = laptop};
    switch (story_.hospital().at(laptop.owner).role) {
        case Role::coder:
            sitting.charts = random_->between(5, 14);
            sitting.files = random_->between(1, 6);
            break;
        case Role::physician:
        case Role::resident:
            sitting.charts = random_->between(2, 12);
            sitting.files = random_->between(0, 5);
            break;
        case Role::manager:
            sitting.charts = random_->between(0, 2);
            sitting.files = random_->between(3, 12);
            break;
        default: sitting.files = random_->between(1, 6);
    }
    sitting.seconds_apart = random_->around(190, 1.6);
    return sitting;
}

Address RemoteWork::next_address(int site) {
    const auto gateway = story_.network().one_of(DeviceKind::remote_gateway, site);
    return (story_.network().at(gateway).address & 0xffff'f000) + 20 + lent_++ % pool_size;
}

void RemoteWork::sit(Sitting sitting) {
    const auto id = sitting.laptop.device;
    if (!in_use_.insert(id).second) {
        story_.agenda().in(between(*random_, 10min, 40min), [this, sitting] { sit(sitting); });
        return;
    }
    const auto& device = story_.network().at(id);
    const auto address = device.address;
    const auto vlan = device.vlan;
    const auto& login = story_.hospital().at(sitting.laptop.owner).login;
    if (sitting.from) {
        story_.carry(id, Vlan::remote, next_address(device.site));
        story_.tell({}, NetworkUsed{id, login, TunnelChanged{TunnelChanged::What::opened, *sitting.from}},
                    sitting.label);
    }
    story_.agenda().in(between(*random_, 4s, 60s), [this, sitting] { open(sitting); });
    auto later = microseconds{80s};
    std::vector<bool> turns(static_cast<std::size_t>(sitting.charts), true);
    turns.resize(turns.size() + static_cast<std::size_t>(sitting.files), false);
    for (std::size_t i = turns.size(); i > 1; --i) {
        const auto other = random_->below(i);
        const bool turn = turns[i - 1];
        turns[i - 1] = turns[other];
        turns[other] = turn;
    }
    for (const bool is_chart : turns) {
        story_.agenda().in(later, [this, sitting, is_chart] { is_chart ? look(sitting) : read(sitting); });
        later += seconds_of(random_->around(sitting.seconds_apart, 1.7));
    }
    if (story_.hospital().at(sitting.laptop.owner).role == Role::it_administrator && sitting.label == 0)
        story_.agenda().in(later, [this, sitting] { administer(sitting); });
    story_.agenda().in(later + between(*random_, 2min, 12min),
                       [this, sitting, address, vlan] { close(sitting, address, vlan); });
}

void RemoteWork::open(const Sitting& sitting) {
    using What = SessionChanged::What;
    const auto tell = [&](What what) {
        story_.tell(sitting.laptop.owner, SessionChanged{what, sitting.laptop.device}, sitting.label);
    };
    if (random_->chance(0.05)) tell(What::refused);
    tell(What::opened);
}

void RemoteWork::close(const Sitting& sitting, Address address, Vlan vlan) {
    const auto id = sitting.laptop.device;
    story_.tell(sitting.laptop.owner, SessionChanged{SessionChanged::What::closed, id}, sitting.label);
    if (sitting.from) {
        const auto& login = story_.hospital().at(sitting.laptop.owner).login;
        story_.tell({}, NetworkUsed{id, login, TunnelChanged{TunnelChanged::What::closed, *sitting.from}},
                    sitting.label);
        story_.carry(id, vlan, address);
    }
    in_use_.erase(id);
}

/// Of one's own patients, of the department's where there are none, and of anybody for whose work it is.
std::optional<EncounterId> RemoteWork::encounter_for(const Sitting& sitting) {
    const auto& owner = story_.hospital().at(sitting.laptop.owner);
    const bool is_anybodys = sitting.is_of_others || owner.role == Role::coder || owner.role == Role::manager;
    std::vector<EncounterId> own, others;
    for (std::uint32_t i = 0; i < story_.encounters(); ++i) {
        const auto& one = story_.at(EncounterId{i});
        if (one.attending == sitting.laptop.owner) own.push_back(EncounterId{i});
        if (is_anybodys || one.department == owner.home) others.push_back(EncounterId{i});
    }
    const auto& from = own.empty() || is_anybodys ? others : own;
    if (from.empty()) return std::nullopt;
    return random_->pick(from);
}

void RemoteWork::look(const Sitting& sitting) {
    const auto& owner = story_.hospital().at(sitting.laptop.owner);
    const auto id = encounter_for(sitting);
    if (!id) return;
    // Who looks for a name finds the person, and not the visit.
    const bool is_searched = random_->chance(sitting.is_of_others ? 0.5 : 0.25);
    Visit visit{.who = sitting.laptop.owner,
                .where = owner.home,
                .patient = story_.at(*id).patient,
                .encounter = is_searched ? std::nullopt : std::optional{*id},
                .label = sitting.label,
                .workstation = sitting.laptop.device};
    if (owner.role == Role::coder) visit.purpose = Purpose::payment;
    if (owner.role == Role::manager) visit.purpose = Purpose::operations;
    std::vector<Step> steps;
    if (is_searched) steps.push_back({Screen::demographics, Doing::search});
    steps.push_back({Screen::summary});
    steps.push_back({random_->chance(0.5) ? Screen::notes : Screen::results});
    if (!sitting.is_of_others && random_->chance(0.6))
        steps.push_back({owner.role == Role::coder ? Screen::billing : Screen::notes, Doing::change});
    desk_.visit(visit, std::move(steps));
}

std::optional<FileId> RemoteWork::file_for(const Sitting& sitting) {
    const auto& tree = cabinet_.tree();
    const auto home = story_.hospital().at(sitting.laptop.owner).home;
    for (int tries = 0; tries < 200; ++tries) {
        const FileId id{static_cast<std::uint32_t>(random_->below(tree.files.size()))};
        if (cabinet_.is_present(id) && (tree.at(id).department == home || tries > 100)) return id;
    }
    return std::nullopt;
}

void RemoteWork::read(const Sitting& sitting) {
    const auto id = file_for(sitting);
    if (!id) return;
    const auto who = sitting.laptop.owner;
    const FileUser user{story_.hospital().at(who).login, who, sitting.laptop.device, sitting.label};
    cabinet_.read(user, *id);
    if (sitting.is_of_others || !random_->chance(0.3)) return;
    story_.agenda().in(between(*random_, 30s, 100s), [this, user, id] {
        if (cabinet_.is_present(*id)) cabinet_.save(user, *id);
    });
}

/// On a server's desktop.
void RemoteWork::administer(const Sitting& sitting) {
    constexpr std::array kinds{DeviceKind::file_server, DeviceKind::mail_server, DeviceKind::ehr_server,
                               DeviceKind::domain_controller};
    const auto& device = story_.network().at(sitting.laptop.device);
    const auto& login = story_.hospital().at(sitting.laptop.owner).login;
    const MachineWorkedOn work{.target = story_.network().one_of(random_->pick(kinds), device.site),
                               .way = random_->chance(0.7) ? RemoteWay::desktop : RemoteWay::shell,
                               .seconds = 40 + random_->uniform() * 60,
                               .login = login};
    story_.tell({}, NetworkUsed{sitting.laptop.device, login, work}, sitting.label);
}

Laptop RemoteWork::replace(const Laptop& old) {
    auto device = story_.network().at(old.device);
    const auto site = device.site;
    int last = 0;
    for (const auto& other : story_.network().devices)
        if (other.kind == DeviceKind::laptop) last = std::max(last, std::stoi(other.name.substr(2)));
    device.name = fmt::format("LT{:04}", last + 1);
    device.serial = fmt::format("{}{:08}", device.vendor.substr(0, 1), random_->below(100'000'000));
    for (std::size_t i = 3; i < device.mac.size(); ++i)
        device.mac[i] = static_cast<std::uint8_t>(random_->next());
    device.vlan = Vlan::workstations;
    device.site = site;
    device.address = 0;
    const auto laptop = Laptop{story_.plug_in(std::move(device)), old.owner, old.home};
    take_away(old.device);
    replaced_.push_back(laptop);
    return laptop;
}

std::optional<Laptop> RemoteWork::reserve(Role role, Random& random) {
    std::vector<Laptop> able;
    for (const auto& one : story_.network().laptops)
        if (story_.hospital().at(one.owner).role == role && !reserved_.contains(one.owner))
            able.push_back(one);
    if (able.empty()) return std::nullopt;
    const auto chosen = random.pick(able);
    reserved_.insert(chosen.owner);
    return chosen;
}

}   // namespace ward::lab
