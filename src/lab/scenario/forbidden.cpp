// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/forbidden.hpp"

#include <algorithm>
#include <iterator>

#include "lab/frames/devices/dicom_image.hpp"
#include "lab/scenario/must_not.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;

// Of a study: the patient is laid down before it is taken, and leaves once the pictures were looked at.
constexpr auto before_study = 20min;
constexpr auto after_study = 12min;

void add_machine(const Device& device, std::vector<std::string>& into) {
    into.push_back(device.name);
    into.push_back(to_text(device.address));
}

}   // namespace

void ConsoleUse::see(const StudyTaken& taken, Moment at, const Story& story) {
    const auto& order = story.at(taken.order);
    const auto& hospital = story.hospital();
    const auto site = hospital.at(story.at(order.encounter).department).site;
    studies_[{imagings()[static_cast<std::size_t>(order.what)].modality, site}].push_back(at);
}

std::vector<ConsoleUse::Span> ConsoleUse::of(const Device& console) const {
    const auto studies = studies_.find({dicom::modality_of(console.model), console.site});
    std::vector<Span> spans;
    if (studies == studies_.end()) return spans;
    for (const auto at : studies->second) {
        const Span span{at - before_study, at + after_study};
        if (!spans.empty() && span.from <= spans.back().until)
            spans.back().until = span.until;
        else
            spans.push_back(span);
    }
    return spans;
}

Forbidding::Forbidding(const Story& story, const Scenario& scenario, const std::vector<Deed>& deeds,
                       const ConsoleUse& use)
    : story_(story), scenario_(scenario), use_(use), end_(story.begin() + std::chrono::days{scenario.days}) {
    for (const auto& deed : deeds) {
        if (!scenario.steps[deed.label - 1].is_attack) continue;
        attackers_.insert(deed.people.begin(), deed.people.end());
        attacked_.insert(deed.systems.begin(), deed.systems.end());
    }
}

std::vector<Forbidden> Forbidding::of(const Deed& deed) const {
    const auto& step = scenario_.steps[deed.label - 1];
    std::vector<Forbidden> all;
    if (!step.is_attack) {
        Forbidden raised{std::string{raise_case}, {}, deed.first, end_, "it only looks like an attack"};
        raised.targets = without_attackers(deed.people);
        std::ranges::set_difference(deed.systems, attacked_, std::back_inserter(raised.targets));
        all.push_back(std::move(raised));
    }
    for (const auto& must_not : step.must_not) {
        if (must_not.is_in_use) {
            add_in_use(must_not, all);
            continue;
        }
        auto targets = targets_of(must_not, deed);
        if (targets.empty()) continue;   // this hospital has none
        all.push_back({must_not.action, std::move(targets), story_.begin(), end_, must_not.why});
    }
    return all;
}

void Forbidding::add_in_use(const MustNot& must_not, std::vector<Forbidden>& into) const {
    for (const auto& device : story_.network().devices) {
        if (name_of(device.kind) != must_not.of) continue;
        for (const auto& span : use_.of(device)) {
            Forbidden one{must_not.action, {}, span.from, span.until, must_not.why};
            add_machine(device, one.targets);
            into.push_back(std::move(one));
        }
    }
}

std::vector<std::string> Forbidding::targets_of(const MustNot& must_not, const Deed& deed) const {
    const bool is_of_people = must_not.action == "disable-account" || must_not.action == "refuse-access";
    if (is_of_people)
        return without_attackers(must_not.of == own_part ? deed.people : accounts_of(must_not.of));
    if (must_not.of == own_part) return {deed.systems.begin(), deed.systems.end()};
    if (must_not.of == "partners") return partners();
    if (must_not.of == "vendors") return vendors();
    if (must_not.action == "close-feed") return {must_not.of};   // a system is called by its name in messages
    return machines_of(must_not.of);
}

std::vector<std::string> Forbidding::machines_of(std::string_view kind) const {
    std::vector<std::string> names;
    for (const auto& device : story_.network().devices)
        if (name_of(device.kind) == kind) add_machine(device, names);
    const auto is_in_attack = [&](const Device& device) {
        return attacked_.contains(device.name) || attacked_.contains(to_text(device.address));
    };
    for (const auto& device : story_.network().guests)
        if (name_of(device.kind) == kind && !is_in_attack(device)) add_machine(device, names);
    return names;
}

std::set<std::string> Forbidding::accounts_of(std::string_view department) const {
    std::set<std::string> logins;
    for (const auto& member : story_.hospital().staff)
        if (name_of(story_.hospital().at(member.home).kind) == department) logins.insert(member.login);
    return logins;
}

/// Whoever has a part in an attack may be locked out all the same.
std::vector<std::string> Forbidding::without_attackers(const std::set<std::string>& accounts) const {
    std::vector<std::string> left;
    std::ranges::set_difference(accounts, attackers_, std::back_inserter(left));
    return left;
}

std::vector<std::string> Forbidding::partners() const {
    std::vector<std::string> names;
    for (const auto& partner : story_.outsiders().partners)
        names.insert(names.end(), {partner.name, partner.host, to_text(partner.address)});
    return names;
}

std::vector<std::string> Forbidding::vendors() const {
    std::vector<std::string> names;
    for (const auto& vendor : story_.outsiders().vendors)
        names.insert(names.end(), {vendor.name, to_text(vendor.address)});
    return names;
}

}   // namespace ward::lab
