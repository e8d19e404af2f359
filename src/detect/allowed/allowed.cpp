// SPDX-License-Identifier: Apache-2.0
#include "detect/allowed/allowed.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "detect/evidence.hpp"
#include "detect/pair.hpp"

namespace ward::detect {
namespace {

constexpr std::string_view kind_name = "new-behaviour";

/// People do something new every day, and what nobody knows has no kind.
bool is_judged(std::string_view role) { return !role.empty() && role != "workstation" && role != "phone"; }

/// Two servers have as much in common as two people: each is judged by its own list alone.
bool has_kind(std::string_view role) { return !role.empty() && role != "server"; }

/// Whether many ask something new at once, or one goes round and asks many, is not the same.
std::uint64_t key_of(const Habit& habit, const IpAddress& other) {
    const bool asks = habit.side == Side::asks;
    const auto rest = std::uint64_t{habit.port} << 2U | (asks ? 0U : 1U) | (habit.is_function ? 2U : 0U);
    const auto key = folded(std::uint64_t{habit.group} << 32U | habit.what, rest, 0);
    return asks ? key : folded(key, IpAddressHash{}(other), 0);
}

/// A flow is told when it is over.
Time begin_of(const Seen& seen) {
    return seen.is("flow") ? parse_timestamp(seen.own["start"].text()).value_or(seen.at) : seen.at;
}

}   // namespace

void Allowed::note_risky(const Findings& findings, Time now) {
    for (const auto& finding : findings) {
        if (finding.kind == kind_name || risk_of(finding) < limits_.risky_from) continue;
        const auto count = finding.takes_over ? finding.systems.size() : std::size_t{1};
        for (std::size_t i = 0; i < std::min(count, finding.systems.size()); ++i)
            if (const auto host = parse_ip_address(finding.systems[i])) risky_.at(*host) = now;
    }
}

bool Allowed::is_risky(const IpAddress& host, Time now) {
    const auto* found = risky_.find(host);
    return found && now - *found < limits_.risky_for;
}

void Allowed::learn_role(const Seen& seen) {
    const auto criticality = seen.text("criticality");
    const auto worth = criticality == "life-critical"   ? Worth::life
                       : criticality == "care-critical" ? Worth::care
                       : criticality == "supporting"    ? Worth::supporting
                                                        : Worth::unknown;
    for (const auto text : seen.own["addresses"].items()) {
        const auto address = parse_ip_address(text.text());
        if (!address || !address->is_private()) continue;
        auto& device = devices_.at(*address, seen.now);
        device.worth = worth;
        if (device.role != seen.text("role")) take_role(device, *address, seen.text("role"), seen.now);
    }
}

/// One that was there before its kind had learned is one of those that its kind learned from. Of another one
/// stays on its list what its kind does: the rest is judged when it comes again.
void Allowed::take_role(Device& device, const IpAddress& address, std::string_view role, Time now) {
    if (auto* before = kind_of(device, address); before && before->devices > 0) --before->devices;
    device.role = role;
    if (!has_kind(role)) return;
    auto& kind = kinds_.at({device.role, network_of(address)}, now, now);
    ++kind.devices;
    const bool is_late =
        now - device.first < limits_.learn && device.first - kind.first >= limits_.kind_learn;
    if (is_late && has_learned(kind, now)) return device.usual.keep_known_to(kind.usual);
    for (const auto& habit : device.usual.all()) learn(device, &kind, habit, now);
}

Allowed::Kind* Allowed::kind_of(const Device& device, const IpAddress& address) {
    return has_kind(device.role) ? kinds_.find({device.role, network_of(address)}) : nullptr;
}

/// To another card: what is there now is another device.
void Allowed::lend(const Seen& seen) {
    if (seen.text("dhcp_type") != "ack") return;
    const auto address = parse_ip_address(seen.text("assigned_ip"));
    const auto card = static_cast<std::uint32_t>(std::hash<std::string_view>{}(seen.text("client_mac")));
    auto* device = address ? devices_.find(*address) : nullptr;
    if (!device || device->card == card) return;
    if (device->card != 0) *device = Device{seen.now};
    device->card = card;
}

bool Allowed::has_learned(const Kind& kind, Time now) const {
    if (kind.devices < limits_.kind_devices || kind.usual.size() >= limits_.kind_habits_max) return false;
    const auto age = now - kind.first;
    return age >= limits_.learn || (age >= limits_.kind_learn && now - kind.last_new >= limits_.kind_calm);
}

void Allowed::learn(Device& device, Kind* kind, const Habit& habit, Time now) const {
    device.usual.add(habit, limits_.groups_max, limits_.habits_max);
    if (!kind || kind->usual.novelty(habit) == Novelty::none) return;
    if (kind->usual.novelty(habit) != Novelty::known_parts) kind->last_new = now;
    kind->usual.add(habit, limits_.kind_groups_max, limits_.kind_habits_max);
}

void Allowed::see(const Seen& seen, Findings& findings) {
    note_risky(findings, seen.now);
    tell_due(seen.now, findings);
    if (seen.is("device")) return learn_role(seen);
    if (seen.is("dhcp")) lend(seen);
    if (!is_conversation(seen)) return;
    const auto function = function_of(seen);
    if (seen.client.is_private()) consider(seen, Side::asks, function);
    if (seen.server.is_private()) consider(seen, Side::answers, function);
}

void Allowed::consider(const Seen& seen, Side side, std::string_view function) {
    auto& device = devices_.at(side == Side::asks ? seen.client : seen.server, seen.now);
    ++device.conversations;
    judge(seen, side, device, conversation_habit(seen, side), "");
    if (!function.empty()) judge(seen, side, device, function_habit(seen, side, function), function);
}

/// True of what was told of already. It becomes usual when nothing was found of either end meanwhile.
bool Allowed::is_waiting(const Seen& seen, Side side, Device& device, const Habit& habit) {
    const auto known = std::ranges::find(device.waiting, habit, &Waiting::habit);
    if (known == device.waiting.end()) return false;
    const auto& host = side == Side::asks ? seen.client : seen.server;
    if (seen.at - known->since < limits_.accepted_after || is_risky(host, seen.now) ||
        is_risky(known->other, seen.now))
        return true;
    auto* kind = kind_of(device, host);
    learn(device, kind, habit, seen.now);
    device.waiting.erase(known);
    return true;
}

void Allowed::judge(const Seen& seen, Side side, Device& device, const Habit& habit,
                    std::string_view function) {
    const auto novelty = device.usual.novelty(habit);
    if (novelty == Novelty::none || is_waiting(seen, side, device, habit)) return;
    if (novelty == Novelty::known_parts) return learn(device, nullptr, habit, seen.now);
    const auto& host = side == Side::asks ? seen.client : seen.server;
    const auto& other = side == Side::asks ? seen.server : seen.client;
    auto* kind = kind_of(device, host);
    const auto begin = begin_of(seen);
    const bool device_learned =
        begin - device.first >= limits_.learn && device.conversations >= limits_.conversations_min;
    const bool kind_learned =
        kind && has_learned(*kind, seen.now) && begin - kind->first >= limits_.kind_learn;
    const bool for_kind = kind_learned && kind->usual.novelty(habit) > Novelty::known_parts;
    const bool is_risk = is_risky(host, seen.now) || is_risky(other, seen.now);
    if (!is_judged(device.role) || (!device_learned && !for_kind)) {
        if (!is_risk) learn(device, kind, habit, seen.now);
        return;
    }
    News news{habit, novelty, for_kind, kind_learned, other, text_of(seen, side, novelty, function)};
    if (kind_learned && !for_kind) {
        if (!is_risk) learn(device, kind, habit, seen.now);
        return add_to_collected(seen, host, std::move(news));
    }
    if (device.usual.size() >= limits_.habits_max && !for_kind) return;   // it does anything
    if (device.waiting.size() >= limits_.waiting_max) device.waiting.erase(device.waiting.begin());
    device.waiting.push_back({habit, seen.at, other});
    collect(seen, host, device, std::move(news));
}

void Allowed::collect(const Seen& seen, const IpAddress& host, Device& device, News news) {
    auto& fresh = fresh_.at(key_of(news.habit, news.other), seen.now);
    if (seen.now - fresh.since >= limits_.told_for) fresh = {seen.now};
    ++fresh.devices;
    if (device.told && seen.now - *device.told < limits_.told_for) return;
    if (std::ranges::find(collecting_, host, &Collected::device) == collecting_.end()) {
        if (collecting_.size() >= limits_.collecting_max) return;
        collecting_.push_back({seen.now, host});
    }
    add_to_collected(seen, host, std::move(news));
}

/// What its kind does makes no finding, but belongs to one.
void Allowed::add_to_collected(const Seen& seen, const IpAddress& host, News news) {
    const auto place = std::ranges::find(collecting_, host, &Collected::device);
    if (place == collecting_.end()) return;
    Evidence evidence;
    for (auto& id : place->events) evidence.add(std::move(id));
    evidence.add(conversation_of(seen));
    place->events = evidence.ids();
    auto& all = place->news;
    const bool is_there = std::ranges::any_of(all, [&](const News& known) {
        const bool is_same_offer =
            !known.habit.is_function && !news.habit.is_function && known.habit.side == news.habit.side &&
            known.habit.port == news.habit.port &&
            (known.novelty == Novelty::service || known.habit.group == news.habit.group);
        return known.what == news.what || is_same_offer;
    });
    if (is_there) return;
    if (all.size() < limits_.facts_max)
        all.push_back(std::move(news));
    else
        ++place->more;
}

void Allowed::tell_due(Time now, Findings& findings) {
    while (!collecting_.empty() && now - collecting_.front().at >= limits_.collect) {
        const auto collected = std::move(collecting_.front());
        collecting_.pop_front();
        auto* device = devices_.find(collected.device);
        if (!device) continue;
        const auto* kind = kind_of(*device, collected.device);
        const bool is_told = std::ranges::any_of(collected.news, [&](const News& news) {
            return fresh_.at(key_of(news.habit, news.other), now).devices <= limits_.changed_max;
        });
        if (!is_told) continue;
        findings.push_back(told(collected, *device, kind, now));
        const std::chrono::duration<double, std::ratio<86'400>> since = now - device->told.value_or(now);
        device->restless = device->restless * std::exp2(-since.count() / 7) + 1;
        device->told = now;
    }
}

int Allowed::confidence_of(const Collected& collected, const Device& device, const Kind* kind, bool changed,
                           Time now) const {
    const auto any = [&](auto&& of) { return std::ranges::any_of(collected.news, of); };
    const bool for_kind = any([](const News& news) { return news.for_kind; });
    const bool no_kind = any([](const News& news) { return !news.kind_learned; });
    double sure = for_kind ? 50 : no_kind ? 35 : 20;
    if (any([](const News& news) {
            return news.novelty == Novelty::function ||
                   (news.novelty == Novelty::service && news.habit.side == Side::answers);
        }))
        sure += 10;
    // A day knows little of what is usual in a week.
    const auto watched = now - (for_kind && kind ? kind->first : device.first);
    constexpr std::chrono::hours week{7 * 24};
    sure *= 0.5 + 0.5 * std::min(1.0, static_cast<double>(watched.count()) /
                                          static_cast<double>(Time::duration{week}.count()));
    sure /= 1 + device.restless;
    return static_cast<int>(changed ? sure / 2 : sure);
}

Finding Allowed::told(const Collected& collected, const Device& device, const Kind* kind, Time now) {
    const auto host = to_text(collected.device);
    std::uint32_t with_it = 0, asked = 0;
    for (const auto& news : collected.news) {
        auto& most = news.habit.side == Side::asks ? with_it : asked;
        most = std::max(most, fresh_.at(key_of(news.habit, news.other), now).devices);
    }
    const bool changed = with_it >= limits_.change_from;
    const auto& first = collected.news.front();
    const bool for_kind = std::ranges::any_of(collected.news, &News::for_kind);
    const auto siblings = kind && kind->devices > 0 ? kind->devices - 1 : 0;
    Finding finding{.kind = kind_name,
                    .at = now,
                    .severity = device.worth >= Worth::care ? Severity::medium : Severity::low,
                    .confidence = confidence_of(collected, device, kind, changed, now),
                    .sentence = fmt::format(
                        "The {} {} {}, which {}.", device.role, host, first.what,
                        for_kind ? "neither it nor another of its kind ever did" : "it never did before")};
    for (const auto& news : collected.news)
        finding.facts.push_back({news.what,
                                 news.for_kind ? fmt::format("never, nor do {} others of its kind", siblings)
                                 : news.kind_learned ? "never, but others of its kind do"
                                                     : "never",
                                 to_text(news.other)});
    if (collected.more > 0)
        finding.facts.push_back({"more that is new", "none", std::to_string(collected.more)});
    if (asked >= limits_.change_from)
        finding.facts.push_back(
            {"devices that are newly asked so by the same one", "none", std::to_string(asked)});
    if (changed)
        finding.against.push_back(
            {"devices that newly do the same within a day", "", std::to_string(with_it)});
    if (device.restless >= 1)
        finding.against.push_back({"findings like this on the same device of late", "",
                                   fmt::format("{:.0f}", std::floor(device.restless))});
    finding.harmless_if = "it was set up anew, got new software, or is being looked after";
    const bool commands = std::ranges::any_of(
        collected.news, [](const News& news) { return news.novelty == Novelty::function; });
    finding.techniques = {commands ? "T0855" : "T1071"};
    // Who asked did it.
    const auto asks =
        std::ranges::find_if(collected.news, [](const News& news) { return news.habit.side == Side::asks; });
    const bool did_it = asks != collected.news.end();
    finding.systems = {did_it ? host : to_text(first.other)};
    if (!did_it) finding.systems.push_back(host);
    for (const auto& news : collected.news)
        if (auto other = to_text(news.other);
            std::ranges::find(finding.systems, other) == finding.systems.end())
            finding.systems.push_back(std::move(other));
    finding.events = collected.events;
    return finding;
}

}   // namespace ward::detect
