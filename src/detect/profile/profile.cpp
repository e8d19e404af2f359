// SPDX-License-Identifier: Apache-2.0
#include "detect/profile/profile.hpp"

#include <algorithm>

namespace ward::detect {
namespace {

constexpr std::uint64_t no_zero = 0x1319'8a2e'0370'7344;   // of a secret of zero all zeros would collide
constexpr std::uint64_t dice = 1;                          // findings do not depend on the secret

ward::Time in_milliseconds(Time time) { return std::chrono::floor<std::chrono::milliseconds>(time); }

}   // namespace

Profile::Profile(IpAddressHash hash, ProfileLimits limits)
    : limits_(limits),
      hash_{hash.secret ^ no_zero},
      hosts_(limits.hosts_max, hash_),
      budget_(limits.alerts_a_day) {}

Profile::Kind Profile::made() const {
    using namespace std::chrono_literals;
    constexpr double horizon = 20'000;   // rows, of which a kind has 1,440 a day at most
    learn::Blend blend{features, {.projections = 40, .normals = 1024, .horizon = horizon}, dice};
    learn::Scaled scaled{std::move(blend), {.sample_rows = 512, .first_rows = 128, .horizon = horizon}, dice};
    return {.model = Model{std::move(scaled),
                           {.delay = limits_.delay,
                            .between_snapshots = 48h,
                            .snapshots = 7,
                            .waiting = 4096,
                            .normals = 2048,
                            .first_rows = limits_.first_rows,
                            .learned = limits_.learned}}};
}

/// The words of what is known were hashed under the secret: it stays what it was.
void Profile::state(state::Kept& kept) {
    kept(hash_.secret, hosts_, names_);
    kept.list(kinds_, [this] { return made(); });
    kept(budget_, active_, hour_, now_);
}

void Profile::see(const Seen& seen, Findings& findings) {
    turn(seen.now, findings);
    const auto activity = activity_in(seen);
    if (activity == Activity::none || !seen.has_ends()) return;
    if (seen.client.is_private()) {
        auto& host = host_of(seen.client, client_kind(seen), seen.client_serves);
        take_note(seen, host, host.window.count_client(activity, seen, hash_));
    }
    if (activity == Activity::flow && seen.server.is_private()) {
        auto& host = host_of(seen.server, server_kind(seen), seen.server_serves);
        take_note(seen, host, host.window.count_server(seen, hash_));
    }
}

void Profile::turn(Time now, Findings& findings) {
    now_ = now;
    const auto hour = std::chrono::floor<std::chrono::hours>(now.time_since_epoch()).count();
    if (hour == hour_) return;
    for (const auto& address : active_)
        if (auto* host = hosts_.find(address)) close(address, *host, findings);
    active_.clear();
    for (auto& kind : kinds_) kind.draw.pass_hour();
    hour_ = std::max<std::int64_t>(hour, 0);
}

Profile::Host& Profile::host_of(const IpAddress& address, std::string_view kind, bool serves) {
    auto& host = hosts_.at(address);
    if (std::exchange(host.is_active, true)) return host;
    host.kind = names_.number_of(kind);
    host.serves = serves;
    if (active_.size() < limits_.hosts_max) active_.push_back(address);
    while (kinds_.size() < names_.size()) kinds_.push_back(made());
    return host;
}

void Profile::take_note(const Seen& seen, Host& host, bool is_fresh) const {
    if (is_fresh && host.evidence.ids().size() < limits_.events_max) host.evidence.add(conversation_of(seen));
}

Profile::Judged Profile::judge(const IpAddress& address, const Host& host, Kind& kind) {
    Judged judged{.row = host.window.row(kind.known)};
    const std::vector<double> row(judged.row.begin(), judged.row.end());
    const auto number = folded(hash_(address), static_cast<std::uint64_t>(hour_), hash_.secret);
    const bool is_drawn = kind.draw.takes(number, limits_.learned_an_hour);
    if (is_drawn || kind.rows < limits_.first_rows) {
        ++kind.rows;
        judged.p_value = kind.model.observe(in_milliseconds(now_), row);
    } else {
        judged.p_value = kind.model.p_value(row);
    }
    return judged;
}

/// Hosts of no known kind have little in common: of those that one knows, too, whoever is new is not told of.
bool Profile::may_be_told(const Host& host) const {
    const bool was_told = host.told != Time::min() && now_ - host.told < limits_.told_for;
    return !was_told && (host.hours >= own_max || !is_unknown_kind(names_.name(host.kind)));
}

void Profile::close(const IpAddress& address, Host& host, Findings& findings) {
    auto& kind = kinds_[host.kind];
    const auto judged = judge(address, host, kind);
    // Asked first, so that nothing is spent on what is not told.
    if (may_be_told(host) && budget_.by_chance(judged.p_value) <= limits_.alerts_a_day) {
        const auto odd = odd_features(host, kind, judged.row);
        const bool matters = std::ranges::any_of(odd, &Odd::is_much);
        if (budget_.observe(in_milliseconds(now_), matters ? judged.p_value : 1) && matters) {
            host.told = now_;
            findings.push_back(told(address, host, odd, judged));
        }
    } else {
        budget_.observe(in_milliseconds(now_), 1);
    }
    if (judged.p_value >= limits_.learned) learn(host, kind, judged);
    host.window.clear();
    host.evidence = {};
    host.is_active = false;
}

void Profile::learn(Host& host, Kind& kind, const Judged& judged) const {
    host.own[host.hours++ % own_max] = {now_, judged.row};
    kind.recent.push_back({now_, judged.row});
    if (kind.recent.size() > limits_.recent_max) kind.recent.pop_front();
    host.window.each_of_kind([&](std::uint64_t word) {
        if (kind.known.add(word)) kind.known_since.push_back({word, now_});
    });
}

void Profile::roll_back(Time at) {
    for (auto& kind : kinds_) {
        if (!kind.model.roll_back(in_milliseconds(at))) kind = made();   // it knew nothing by then
        std::erase_if(kind.recent, [&](const Dated& one) { return one.at > at; });
        std::erase_if(kind.known_since, [&](const Known& one) { return one.at > at; });
        kind.known.clear();
        for (const auto& one : kind.known_since) kind.known.add(one.word);
    }
}

}   // namespace ward::detect
