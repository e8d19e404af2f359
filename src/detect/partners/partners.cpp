// SPDX-License-Identifier: Apache-2.0
#include "detect/partners/partners.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

bool is_outside(const IpAddress& address) { return !address.is_private() && !address.is_multicast(); }

/// Of one allotment: a pool of exits, or a host that got another number.
bool are_near(const IpAddress& one, const IpAddress& other) {
    const std::size_t length = one.is_v4() ? 3 : 6;
    return one.family == other.family &&
           std::equal(one.bytes.begin(), one.bytes.begin() + static_cast<std::ptrdiff_t>(length),
                      other.bytes.begin());
}

/// The host that a client's certificate names; nothing where it may be a person's.
std::string host_of(json::Value certificate) {
    for (const auto name : certificate["subjectaltname"].items())
        if (name.text().find('.') != std::string_view::npos &&
            name.text().find('@') == std::string_view::npos)
            return std::string{name.text()};
    const auto subject = certificate["subject"].text();
    const auto begin = subject.find("CN=");
    if (begin == std::string_view::npos) return {};
    const auto name = subject.substr(begin + 3, subject.find(',', begin) - begin - 3);
    return name.find('.') == std::string_view::npos ? std::string{} : std::string{name};
}

/// gateway.example.org: example.org
std::string domain_of(std::string_view host) {
    const auto first = host.find('.');
    const bool has_more =
        first != std::string_view::npos && host.find('.', first + 1) != std::string_view::npos;
    return std::string{has_more ? host.substr(first + 1) : host};
}

bool is_within(std::string_view host, std::string_view domain) {
    return host == domain || (host.size() > domain.size() && host.ends_with(domain) &&
                              host[host.size() - domain.size() - 1] == '.');
}

bool is_weekend(Time at) {
    const std::chrono::weekday day{std::chrono::floor<std::chrono::days>(at)};
    return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

}   // namespace

void Partners::see(const Seen& seen, Findings& findings) {
    if (!seen.has_ends() || !is_outside(seen.client)) return;
    if (seen.is("tls")) see_call(seen, findings);
    if (seen.is("flow")) see_end(seen);
    if (seen.is("smtp")) see_letter(seen);
}

void Partners::see_letter(const Seen& seen) {
    const auto host = seen.text("helo");
    for (auto& [name, partner] : partners_)
        if (is_within(host, partner.domain)) partner.noticed = seen.at;
}

void Partners::see_call(const Seen& seen, Findings& findings) {
    auto name = host_of(seen.own["client"]);
    // One that goes on with an earlier session shows no certificate again.
    if (name.empty() && seen.own["session_resumed"].boolean().value_or(false))
        if (const auto* owner = owners_.find(seen.client)) name = *owner;
    if (name.empty()) return;
    owners_.at(seen.client) = name;
    partner_of(name, seen);
    called(seen, *partners_.find(name), findings);
}

Partners::Partner& Partners::partner_of(const std::string& name, const Seen& seen) {
    if (const auto known = partners_.find(name); known != partners_.end()) return known->second;
    if (partners_.size() == limits_.partners_max) {
        partners_.erase(std::ranges::min_element(partners_, {}, [](const auto& one) {
            return std::pair{one.second.calls, one.second.last};
        }));
        ++forgotten_;
    }
    auto& partner = partners_[name];
    partner.number = ++numbers_;
    partner.domain = domain_of(name);
    partner.first = partner.last = seen.at;
    return partner;
}

Partners::Address& Partners::address_of(const Seen& seen, Partner& partner) const {
    auto& all = partner.addresses;
    const auto known = std::ranges::find(all, seen.client, &Address::address);
    if (known != all.end()) return *known;
    // Known ones stay, however many others somebody tries.
    if (all.size() == limits_.addresses_max) {
        const auto unknown = std::ranges::find(all, false, &Address::is_known);
        all.erase(unknown == all.end() ? all.begin() : unknown);
    }
    const bool is_learned =
        partner.calls >= limits_.known_min && seen.at - partner.first >= limits_.known_for;
    const bool is_near = std::ranges::any_of(
        all, [&](const auto& one) { return one.is_known && are_near(one.address, seen.client); });
    all.push_back(
        {.address = seen.client, .is_known = !is_learned || is_near, .is_near = is_learned && is_near});
    return all.back();
}

bool Partners::was_noticed(const Partner& partner, Time at) const {
    return partner.noticed && at - *partner.noticed <= limits_.noticed_for;
}

void Partners::called(const Seen& seen, All::value_type& one, Findings& findings) {
    auto& partner = one.second;
    auto& from = address_of(seen, partner);
    ++from.calls;
    from.evidence.add(conversation_of(seen));
    if (was_noticed(partner, seen.at)) {
        from.is_known = true;
        from.is_near = false;
    }
    if (from.is_near && draws(partner, from)) from.is_known = false;
    partner.server = seen.server;
    if (!from.is_known) {
        if (from.is_told || from.calls < limits_.elsewhere_min) return;
        from.is_told = true;
        findings.push_back(elsewhere(seen, one, from));
        return;
    }
    ++partner.calls;
    ++all_calls_;
    if (!is_weekend(seen.at)) {
        ++partner.working_calls;
        ++working_calls_;
    }
    partner.last = std::max(partner.last, seen.at);
    partner.event = conversation_of(seen);
    partner.is_silence_told = false;
    calls_.forget(seen.now);
    calls_.add({seen.at, partner.number}, seen.now);
    partner.share = share_of(partner, seen.at);
    look_for_silence(seen.now, findings);
}

void Partners::see_end(const Seen& seen) {
    const auto* owner = owners_.find(seen.client);
    if (owner == nullptr || seen.protocol != "tls") return;
    const auto partner = partners_.find(*owner);
    if (partner == partners_.end()) return;
    const auto from = std::ranges::find(partner->second.addresses, seen.client, &Address::address);
    if (from == partner->second.addresses.end()) return;
    const auto brought = static_cast<double>(count_of(seen.own["bytes_toserver"]));
    const auto taken = static_cast<double>(count_of(seen.own["bytes_toclient"]));
    from->drawn.sum += std::log((taken + 1) / (brought + 1));
    ++from->drawn.calls;
}

double Partners::usually_drawn(const Partner& partner) {
    Drawn usual;
    for (const auto& address : partner.addresses) {
        if (!address.is_known || address.is_near) continue;
        usual.sum += address.drawn.sum;
        usual.calls += address.drawn.calls;
    }
    return usual.mean();
}

bool Partners::draws(const Partner& partner, const Address& from) const {
    const auto usual = usually_drawn(partner);
    return usual > 0 && from.drawn.calls >= limits_.drawn_min &&
           from.drawn.mean() > limits_.drawn_factor * usual;
}

Partners::Share Partners::share_of(const Partner& partner, Time at) {
    const auto counted = std::ranges::count(calls_, partner.number, &Call::partner);
    const auto own = static_cast<std::size_t>(counted);
    const auto others = working_calls_ - partner.working_calls;
    if (own < limits_.calls_min) return {.others = others};
    const auto share = [](double of_it, double of_all) { return (of_it - 1) / (of_all + 1); };
    const auto mine = static_cast<double>(own);
    const auto all = static_cast<double>(calls_.size());
    auto of_all = share(mine, all);
    // One that calls far more than before, as after an outage, will rest again.
    const auto before = static_cast<double>(partner.calls - own);
    if (partner.calls - own >= limits_.calls_min)
        of_all = std::min(of_all, share(before, static_cast<double>(all_calls_) - all));
    const auto hours = std::chrono::duration<double, std::ratio<3600>>(at - calls_.oldest().at).count();
    return {.of_all = of_all, .others_an_hour = hours > 0 ? (all - mine) / hours : 0, .others = others};
}

std::uint64_t Partners::others_since(const Partner& partner) const {
    return working_calls_ - partner.working_calls - partner.share.others;
}

/// How unlikely it is that of all calls since its last none was its own: when all rest, nobody is missed.
double Partners::missed(const Partner& partner, Time now) const {
    if (partner.share.of_all <= 0) return 0;
    const auto others = static_cast<double>(others_since(partner));
    const auto hours = std::chrono::duration<double, std::ratio<3600>>(now - partner.last).count();
    // One that calls at night only has no share in what others do by day.
    if (others > 3 * partner.share.others_an_hour * hours) return 0;
    return -others * std::log(1 - partner.share.of_all);
}

void Partners::look_for_silence(Time now, Findings& findings) {
    for (auto& one : partners_) {
        auto& partner = one.second;
        if (partner.is_silence_told || was_noticed(partner, now)) continue;
        if (missed(partner, now) < limits_.missed_min) continue;
        partner.is_silence_told = true;
        findings.push_back(silent(one, now));
    }
}

Finding Partners::silent(const All::value_type& one, Time now) const {
    const auto& [name, partner] = one;
    const auto minutes = std::chrono::floor<std::chrono::minutes>(now - partner.last).count();
    Finding finding{
        .kind = "partner-silent",
        .at = now,
        .severity = Severity::medium,
        .confidence = 60,
        .sentence = fmt::format("{} has not called for {} minutes, while other partners did as always: what "
                                "comes from there is missing. Ask there by telephone, at a number that you "
                                "knew before.",
                                name, minutes),
        .facts = {{"minutes since it called", "", std::to_string(minutes)},
                  {"calls of others meanwhile",
                   fmt::format("one of {:.0f} was its own", 1 / partner.share.of_all),
                   std::to_string(others_since(partner))},
                  {"letters from there in the week before", "one, before a pause", "none"}},
        .harmless_if = "it said that it would pause",
        .techniques = {"T1199"},
        .systems = {name}};
    if (is_weekend(now)) finding.against.push_back({"day", "", "a weekend, when many pause"});
    for (const auto& address : partner.addresses)
        if (address.is_known) finding.systems.push_back(to_text(address.address));
    if (!partner.event.empty()) finding.events.push_back(partner.event);
    return finding;
}

Finding Partners::elsewhere(const Seen& seen, const All::value_type& one, const Address& from) const {
    const auto& [name, partner] = one;
    const auto usual = usually_drawn(partner);
    const auto silent = std::chrono::floor<std::chrono::minutes>(seen.at - partner.last).count();
    Finding finding{
        .kind = "partner-credentials",
        .at = seen.now,
        .severity = Severity::high,
        .confidence = draws(partner, from) ? 90 : 75,
        .sentence = fmt::format("The certificate of {} is shown from {}, where it never was, and no letter "
                                "said that it moves: somebody may have stolen it. Ask there by telephone, at "
                                "a number that you knew before.",
                                name, to_text(from.address)),
        .facts = {{"address", "one that it had before", to_text(from.address)},
                  {"minutes since it called from its own address", "", std::to_string(silent)},
                  {"bytes taken for each that is brought", fmt::format("{:.1f}", usual),
                   from.drawn.calls == 0 ? "not known yet" : fmt::format("{:.1f}", from.drawn.mean())}},
        .harmless_if = "it moved, or calls from its second site",
        .techniques = {"T1078", "T1199"},
        .systems = {name, to_text(from.address), to_text(seen.server)},
        .events = from.evidence.ids()};
    if (from.drawn.calls > 0 && !draws(partner, from))
        finding.against.push_back({"bytes taken for each that is brought", "", "as few as ever"});
    return finding;
}

}   // namespace ward::detect
