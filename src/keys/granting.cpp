// SPDX-License-Identifier: Apache-2.0
#include "keys/granting.hpp"

#include <algorithm>

#include "core/log.hpp"

namespace ward::keys {
namespace {

constexpr GrantLimits limits;

crypto::Signature signature_in(Bytes payload) {
    crypto::Signature signature{};
    std::ranges::copy(payload.first(signature_bytes), signature.value.begin());
    return signature;
}

std::string_view text_in(Bytes payload) { return as_text(payload.subspan(signature_bytes)); }

void tell(std::string_view message, std::string_view who, const GrantTerms& terms) {
    log::warn(message, {{"operator", who},
                        {"grant", to_hex(terms.id)},
                        {"owners", terms.owners},
                        {"hours", terms.lasting.count()}});
}

}   // namespace

Result<Granting> Granting::open(GrantStore store, std::chrono::hours operator_wait) {
    auto grants = TRY(store.open_grants());
    Granting granting{store, operator_wait, std::move(grants)};
    for (const auto& grant : granting.grants_)
        granting.opened_[grant.terms.id] = TRY(store.owners(grant.terms.id));
    return granting;
}

Result<> Granting::enroll(std::string_view name, Bytes key_and_signature, Time now) {
    Operator person{.name = std::string{name}, .enrolled = now};
    if (key_and_signature.size() != person.key.value.size() + signature_bytes)
        return fail(Errc::malformed, "a key and a signature are needed");
    std::ranges::copy(key_and_signature.first(person.key.value.size()), person.key.value.begin());
    const auto signature = signature_in(key_and_signature.subspan(person.key.value.size()));
    if (!crypto::verify(person.key, as_bytes(signed_message(GrantAct::enroll, name)), signature))
        return fail(Errc::denied, "the key did not sign its enrolment");
    TRY(store_.add_operator(person));
    log::warn("operator enrolled", {{"operator", name}});
    return {};
}

Result<> Granting::check_signature(GrantAct act, std::string_view name, Bytes payload, Time now) {
    if (payload.size() < signature_bytes) return fail(Errc::malformed, "a signature is missing");
    const auto person = TRY(store_.find_operator(name));
    if (!person) return fail(Errc::denied, "no such operator");
    if (!crypto::verify(person->key, as_bytes(signed_message(act, text_in(payload))), signature_in(payload)))
        return fail(Errc::denied, "the signature is not this operator's");
    // A clock that was set back must not make anybody count sooner.
    if (now < person->enrolled || now - person->enrolled < operator_wait_)
        return fail(Errc::denied, "this operator was enrolled too short a time ago");
    return {};
}

Result<> Granting::request(std::string_view name, Bytes payload, Time now) {
    TRY(expire(now));
    TRY(check_signature(GrantAct::request, name, payload, now));
    if (grants_.size() >= limits.open_max) return fail(Errc::limit_exceeded, "too many grants are open");
    KeptGrant grant{
        .terms = TRY(parse_grant(text_in(payload))), .requester = std::string{name}, .requested = now};
    TRY(store_.add_grant(grant));
    tell("grant requested", name, grant.terms);
    grants_.push_back(std::move(grant));
    return {};
}

Result<KeptGrant*> Granting::find(std::string_view text) {
    const auto terms = TRY(parse_grant(text));
    const auto found = std::ranges::find(grants_, terms, &KeptGrant::terms);
    if (found == grants_.end()) return fail(Errc::not_found, "no such grant is open");
    return &*found;
}

Result<> Granting::approve(std::string_view name, Bytes payload, Time now) {
    TRY(expire(now));
    TRY(check_signature(GrantAct::approve, name, payload, now));
    auto& grant = *TRY(find(text_in(payload)));
    if (name == grant.requester) return fail(Errc::denied, "another person must approve it");
    TRY(store_.approve(grant.terms.id, name, now, grant.terms));
    grant.approver = name;
    grant.approved = now;
    tell("grant approved: more charts may be opened", name, grant.terms);
    return {};
}

Result<> Granting::end(std::string_view name, Bytes payload, Time now) {
    TRY(expire(now));
    TRY(check_signature(GrantAct::end, name, payload, now));
    return close(*TRY(find(text_in(payload))), name, now);
}

Result<> Granting::close(KeptGrant& grant, std::string_view who, Time now) {
    TRY(store_.end(grant, who, now));
    tell("grant ended", who, grant.terms);
    opened_.erase(grant.terms.id);
    grants_.erase(grants_.begin() + (&grant - grants_.data()));
    return {};
}

Result<> Granting::expire(Time now) {
    for (std::size_t i = grants_.size(); i-- > 0;) {
        auto& grant = grants_[i];
        const bool over = grant.approver.empty() ? now - grant.requested >= limits.pending_max
                                                 : now - grant.approved >= grant.terms.lasting;
        if (over) TRY(close(grant, {}, now));
    }
    return {};
}

Result<> Granting::spend(const GrantId& id, const Owner& owner, Time now) {
    TRY(expire(now));
    const auto grant =
        std::ranges::find_if(grants_, [&](const KeptGrant& kept) { return kept.terms.id == id; });
    if (grant == grants_.end() || grant->approver.empty() || now < grant->approved)
        return fail(Errc::denied, "this grant is not active");
    auto& owners = opened_[id];
    if (owners.contains(owner)) return {};
    if (grant->opened >= grant->terms.owners)
        return fail(Errc::limit_exceeded, "as many were opened as the grant allows");
    TRY(store_.add_owner(id, owner));
    owners.insert(owner);
    ++grant->opened;
    return {};
}

}   // namespace ward::keys
