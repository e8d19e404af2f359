// SPDX-License-Identifier: Apache-2.0
#include "detect/edges/edges.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace ward::detect {
namespace {

constexpr std::uint64_t relation_bits = 7;   // of a word

/// Sized for 20,000 hosts and 5,000 accounts. Of an hour nothing is kept in the next: each relation counts
/// once. A new one scores as many as there were hours, which stays trusted for eleven years.
learn::Edges sketch(std::size_t columns, std::uint64_t secret) {
    return learn::Edges{{.rows = 2, .columns = columns, .kept = 0, .trusted = 100'000}, secret};
}

constexpr std::uint64_t no_zero = 0x243f'6a88'85a3'08d3;   // of a secret of zero all zeros would collide
constexpr std::size_t many = 1U << 17U;
constexpr std::size_t some = 1U << 15U;

}   // namespace

NewEdges::NewEdges(IpAddressHash hash, NewEdgesLimits limits)
    : limits_(limits),
      hash_{hash.secret ^ no_zero},
      models_{sketch(many, hash_.secret), sketch(some, hash_.secret), sketch(some, hash_.secret),
              sketch(some, hash_.secret), sketch(many, hash_.secret)},
      hosts_(limits.hosts_max, {hash_.secret}),
      accounts_(limits.accounts_max, {hash_.secret}),
      budget_(limits.alerts_a_day) {}

/// The words of what is known were hashed under the secret: it stays what it was.
void NewEdges::state(state::Kept& kept) {
    kept(hash_.secret, models_, hosts_, accounts_, names_, kinds_, all_, budget_, active_, hour_, now_,
         begun_);
}

void NewEdges::see(const Seen& seen, Findings& findings) {
    turn(seen, findings);
    if (!seen.has_ends() || !seen.client.is_private() || is_repeated(seen)) return;
    note_host(seen, findings);
    if (const auto account = actor_of_account(account_in(seen))) note_account(seen, *account, findings);
    if (!patient_in(seen).empty()) note_patient(seen, actor_of(seen.client), findings);
}

/// What flows tell, too, and far more often.
bool NewEdges::is_repeated(const Seen& seen) {
    static constexpr auto types = std::to_array<std::string_view>(
        {"dns", "ntp", "bacnet", "snmp", "sip", "dhcp", "modbus", "sdc", "arp"});
    return std::ranges::find(types, seen.type) != types.end();
}

void NewEdges::turn(const Seen& seen, Findings& findings) {
    now_ = seen.now;
    if (!begun_) begun_ = now_;
    const auto hour = std::chrono::floor<std::chrono::hours>(now_.time_since_epoch()).count();
    if (hour == hour_) return;
    for (const auto& actor : active_)
        if (auto* source = find(actor)) close(actor, *source, findings);
    active_.clear();
    for (auto& kind : kinds_) kind.draw.pass_hour();
    all_.draw.pass_hour();
    hour_ = std::max<std::int64_t>(hour, 0);
}

NewEdges::Source* NewEdges::find(const Actor& actor) {
    return (actor.is_account() ? accounts_ : hosts_).find(actor);
}

NewEdges::Source& NewEdges::source_of(const Actor& actor, const Seen& seen) {
    auto& source = (actor.is_account() ? accounts_ : hosts_).at(actor, Source{now_});
    if (source.is_active) return source;
    source.is_active = true;
    if (active_.size() < limits_.hosts_max + limits_.accounts_max) active_.push_back(actor);
    source.kind = names_.number_of(actor.is_account() ? "account" : client_kind(seen));
    source.serves = !actor.is_account() && seen.client_serves;
    if (kinds_.size() < names_.size()) kinds_.resize(names_.size());
    return source;
}

void NewEdges::note_host(const Seen& seen, Findings& findings) {
    if (!seen.server.is_private()) return;
    const auto host = actor_of(seen.client);
    auto& source = source_of(host, seen);
    const auto note_one = [&](Relation relation, std::uint64_t target) {
        note(host, source, {relation, target}, seen, findings);
    };
    note_one(Relation::host, hash_(seen.server));
    if (const auto service = offered_in(seen, hash_.secret)) note_one(Relation::service, *service);
    if (const auto share = share_of(seen, hash_.secret)) note_one(Relation::share, *share);
}

void NewEdges::note_account(const Seen& seen, const Actor& account, Findings& findings) {
    const auto host = actor_of(seen.client);
    auto& at = source_of(host, seen);
    at.other = account;
    at.signed_in = seen.now;
    auto& source = source_of(account, seen);
    source.other = host;
    note(account, source, {Relation::sign_in, sign_in_of(seen, hash_.secret)}, seen, findings);
}

/// Where nobody signed in, or others are served, it is the host that has to do with patients.
void NewEdges::note_patient(const Seen& seen, const Actor& host, Findings& findings) {
    const auto& at = source_of(host, seen);
    const bool is_signed_in = at.other && !at.serves && seen.now - at.signed_in <= limits_.signed_in_for;
    const auto who = is_signed_in ? *at.other : host;
    note(who, source_of(who, seen), {Relation::patient, hash_of(patient_in(seen), hash_.secret)}, seen,
         findings);
}

void NewEdges::note(const Actor& actor, Source& source, Edge edge, const Seen& seen, Findings& findings) {
    const auto relation = index(edge.relation);
    const auto word = (folded(edge.target, 4, hash_.secret) & ~relation_bits) | relation;
    if (!source.edges.add(word)) return;
    const auto all = ++source.all[relation];
    const auto score = models_[relation].judge(hour_, number_of(actor), word, all);
    source.burst = std::max(source.burst, score.source);
    if (score.known) return;
    ++source.news[relation];
    source.evidence.add(conversation_of(seen));
    if (edge.relation == Relation::host && source.targets.size() < limits_.targets_max)
        source.targets.push_back(seen.server);
    consider(actor, source, limits_.early, findings);
}

double NewEdges::expected(const Source& source, std::size_t relation) const {
    const auto& kind = like(source);
    const auto own = source.usual_news[relation] * source.hours;
    const auto of_kind = kind.usual_news[relation] * limits_.kind_hours;
    return std::max((own + of_kind) / (source.hours + limits_.kind_hours), 0.05);
}

/// Twice less than the deviance of Poisson's distribution: how much likelier so many are at their own rate
/// than at the usual one.
NewEdges::Judged NewEdges::judged(const Source& source) const {
    Judged judged{.score = std::log1p(source.burst) / 2};
    for (std::size_t i = 0; i < relations; ++i) {
        const double news = source.news[i], usual = expected(source, i);
        if (news > usual) judged.score += news * std::log(news / usual) - (news - usual);
    }
    judged.p_value = like(source).normals.p_value(judged.score);
    return judged;
}

/// Of who is new all is, and of everybody in the first hours.
bool NewEdges::is_settled(const Source& source) const {
    const bool is_newcomer = source.first - *begun_ >= limits_.quiet;
    return now_ - *begun_ >= limits_.quiet &&
           source.active_hours >= (is_newcomer ? limits_.newcomer_hours_min : limits_.hours_min);
}

bool NewEdges::may_be_told(const Source& source) const {
    std::size_t news = 0;
    for (const auto one : source.news) news += one;
    const bool was_told = source.told != Time::min() && now_ - source.told < limits_.told_for;
    return news >= limits_.news_min && !was_told && now_ - *begun_ >= limits_.learn && is_settled(source) &&
           knows(like(source));
}

/// What is odd while the hour lasts is not less so when it is over.
void NewEdges::consider(const Actor& actor, Source& source, double by_chance_max, Findings& findings) {
    if (!may_be_told(source)) return;
    const auto now = judged(source);
    if (budget_.by_chance(now.p_value) > by_chance_max || !count_judged(now.p_value)) return;
    source.told = now_;
    findings.push_back(told(actor, source, now));
}

void NewEdges::close(const Actor& actor, Source& source, Findings& findings) {
    const auto now = judged(source);
    const bool is_odd = knows(like(source)) && now.p_value < limits_.counted;
    if (is_settled(source)) {
        consider(actor, source, limits_.alerts_a_day, findings);
        count_judged(1);
        if (!is_odd) learn_usual(actor, source, now.score);
    }
    // Before anybody is judged, all is learned.
    if (!is_odd)
        source.edges.each([&](std::uint64_t word) {
            models_[word & relation_bits].observe(hour_, number_of(actor), word);
        });
    source.is_active = false;
    ++source.active_hours;
    source.edges.clear();
    source.all = {};
    source.news = {};
    source.burst = 0;
    source.targets = {};
    source.evidence = {};
}

const NewEdges::Kind& NewEdges::like(const Source& source) const {
    const auto& kind = kinds_[source.kind];
    return knows(kind) ? kind : all_;
}

void NewEdges::learn_of(Kind& kind, const Source& source, double score) const {
    kind.normals.learn(score);
    kind.recent.push_back(source.news);
    if (kind.recent.size() > limits_.recent_max) kind.recent.pop_front();
    kind.hours = std::min(kind.hours + 1, 100 * limits_.hours_max);
    for (std::size_t i = 0; i < relations; ++i)
        kind.usual_news[i] += (source.news[i] - kind.usual_news[i]) / kind.hours;
}

void NewEdges::learn_usual(const Actor& actor, Source& source, double score) {
    const auto number = folded(number_of(actor), static_cast<std::uint64_t>(hour_), hash_.secret);
    for (auto* kind : {&kinds_[source.kind], &all_})
        if (kind->draw.takes(number, limits_.learned_an_hour)) learn_of(*kind, source, score);
    source.hours = std::min(source.hours + 1, limits_.hours_max);
    for (std::size_t i = 0; i < relations; ++i) {
        source.usual_news[i] += (source.news[i] - source.usual_news[i]) / source.hours;
        source.usual_edges[i] += (source.all[i] - source.usual_edges[i]) / source.hours;
    }
}

}   // namespace ward::detect
