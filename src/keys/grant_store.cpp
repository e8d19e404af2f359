// SPDX-License-Identifier: Apache-2.0
#include "keys/grant_store.hpp"

#include <algorithm>
#include <chrono>

namespace ward::keys {
namespace {

std::int64_t to_ms(Time time) { return time.time_since_epoch().count(); }
Time from_ms(std::int64_t ms) { return Time{std::chrono::milliseconds{ms}}; }

}   // namespace

Result<std::optional<Operator>> GrantStore::find_operator(std::string_view name) {
    auto query = TRY(database_->prepare("SELECT public_key, enrolled_ms FROM operator WHERE name = ?"));
    TRY(query.bind(name));
    const bool found = TRY(query.step());
    if (!found) return std::optional<Operator>{};
    Operator person{.name = std::string{name}, .enrolled = from_ms(query.integer(1))};
    if (query.bytes(0).size() != person.key.value.size())
        return fail(Errc::corrupt, "keys.db: an operator's key has another length");
    std::ranges::copy(query.bytes(0), person.key.value.begin());
    return std::optional{std::move(person)};
}

Result<> GrantStore::add_operator(const Operator& person) {
    auto transaction = TRY(store::Transaction::begin(*database_));
    auto count = TRY(database_->prepare("SELECT count(*) FROM operator"));
    TRY(count.step());
    if (count.integer(0) >= static_cast<std::int64_t>(GrantLimits{}.operators_max))
        return fail(Errc::limit_exceeded, "too many operators");
    auto insert = TRY(
        database_->prepare("INSERT INTO operator (name, public_key, enrolled_ms) SELECT ?1, ?2, ?3"
                           " WHERE NOT EXISTS (SELECT 1 FROM operator WHERE name = ?1 OR public_key = ?2)"));
    TRY(insert.run(std::string_view{person.name}, Bytes{person.key.value}, to_ms(person.enrolled)));
    if (database_->changes() == 0) return fail(Errc::conflict, "the name or the key is enrolled already");
    TRY(add_event(
        {.at_ms = to_ms(person.enrolled), .act = GrantAct::enroll, .who = person.name, .text = person.name}));
    return transaction.commit();
}

Result<> GrantStore::add_grant(const KeptGrant& grant) {
    auto transaction = TRY(store::Transaction::begin(*database_));
    const auto text = grant_text(grant.terms);
    auto insert = TRY(database_->prepare(
        "INSERT INTO export_grant (id, terms, requester, requested_ms, approver, approved_ms, opened, ended)"
        " SELECT ?1, ?2, ?3, ?4, '', 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM export_grant WHERE id = ?1)"));
    TRY(insert.run(Bytes{grant.terms.id}, std::string_view{text}, std::string_view{grant.requester},
                   to_ms(grant.requested)));
    if (database_->changes() == 0) return fail(Errc::conflict, "there was such a grant");
    TRY(add_event(
        {.at_ms = to_ms(grant.requested), .act = GrantAct::request, .who = grant.requester, .text = text}));
    return transaction.commit();
}

Result<> GrantStore::approve(const GrantId& id, std::string_view approver, Time now,
                             const GrantTerms& terms) {
    auto transaction = TRY(store::Transaction::begin(*database_));
    auto update = TRY(database_->prepare(
        "UPDATE export_grant SET approver = ?, approved_ms = ? WHERE id = ? AND approver = ''"));
    TRY(update.run(approver, to_ms(now), Bytes{id}));
    if (database_->changes() == 0) return fail(Errc::conflict, "it was approved already");
    TRY(add_event({.at_ms = to_ms(now),
                   .act = GrantAct::approve,
                   .who = std::string{approver},
                   .text = grant_text(terms)}));
    return transaction.commit();
}

Result<> GrantStore::add_owner(const GrantId& id, const Owner& owner) {
    auto transaction = TRY(store::Transaction::begin(*database_));
    auto insert = TRY(database_->prepare("INSERT INTO grant_owner (id, owner) VALUES (?, ?)"));
    TRY(insert.run(Bytes{id}, Bytes{owner}));
    auto update = TRY(database_->prepare("UPDATE export_grant SET opened = opened + 1 WHERE id = ?"));
    TRY(update.run(Bytes{id}));
    return transaction.commit();
}

Result<std::set<Owner>> GrantStore::owners(const GrantId& id) {
    auto query = TRY(database_->prepare("SELECT owner FROM grant_owner WHERE id = ?"));
    TRY(query.bind(Bytes{id}));
    std::set<Owner> owners;
    while (TRY(query.step())) {
        Owner owner{};
        if (query.bytes(0).size() != owner.size())
            return fail(Errc::corrupt, "keys.db: an owner has another length");
        std::ranges::copy(query.bytes(0), owner.begin());
        owners.insert(owner);
    }
    return owners;
}

Result<> GrantStore::end(const KeptGrant& grant, std::string_view who, Time now) {
    auto transaction = TRY(store::Transaction::begin(*database_));
    auto update = TRY(database_->prepare("UPDATE export_grant SET ended = 1, opened = ? WHERE id = ?"));
    TRY(update.run(grant.opened, Bytes{grant.terms.id}));
    auto remove = TRY(database_->prepare("DELETE FROM grant_owner WHERE id = ?"));
    TRY(remove.run(Bytes{grant.terms.id}));
    TRY(add_event({.at_ms = to_ms(now),
                   .act = GrantAct::end,
                   .who = std::string{who},
                   .text = grant_text(grant.terms),
                   .opened = grant.opened}));
    return transaction.commit();
}

Result<std::vector<KeptGrant>> GrantStore::open_grants() {
    auto query = TRY(database_->prepare(
        "SELECT terms, requester, requested_ms, approver, approved_ms, opened FROM export_grant"
        " WHERE ended = 0 ORDER BY requested_ms, id"));
    std::vector<KeptGrant> grants;
    while (TRY(query.step())) {
        auto terms = parse_grant(query.text(0));
        if (!terms) return fail(Errc::corrupt, "keys.db: " + terms.error().what);
        grants.push_back({.terms = *std::move(terms),
                          .requester = std::string{query.text(1)},
                          .requested = from_ms(query.integer(2)),
                          .approver = std::string{query.text(3)},
                          .approved = from_ms(query.integer(4)),
                          .opened = query.integer(5)});
    }
    return grants;
}

Result<std::optional<GrantEvent>> GrantStore::event_after(std::uint64_t number) {
    auto query =
        TRY(database_->prepare("SELECT number, at_ms, act, who, terms, opened FROM grant_event"
                               " WHERE number > ? ORDER BY number LIMIT 1"));
    TRY(query.bind(static_cast<std::int64_t>(number)));
    const bool found = TRY(query.step());
    if (!found) return std::optional<GrantEvent>{};
    return std::optional{GrantEvent{.number = static_cast<std::uint64_t>(query.integer(0)),
                                    .at_ms = query.integer(1),
                                    .act = static_cast<GrantAct>(query.integer(2)),
                                    .who = std::string{query.text(3)},
                                    .text = std::string{query.text(4)},
                                    .opened = query.integer(5)}};
}

Result<> GrantStore::add_event(const GrantEvent& event) {
    auto insert =
        TRY(database_->prepare("INSERT INTO grant_event (number, at_ms, act, who, terms, opened)"
                               " SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ?, ? FROM grant_event"));
    return insert.run(event.at_ms, static_cast<std::int64_t>(event.act), std::string_view{event.who},
                      std::string_view{event.text}, event.opened);
}

}   // namespace ward::keys
