// SPDX-License-Identifier: Apache-2.0
#include "vault/grant_trail.hpp"

#include <fmt/format.h>

#include "crypto/hash.hpp"
#include "fhir/audit_event.hpp"

namespace ward::vault {
namespace {

std::string_view verb_of(keys::GrantAct act) {
    switch (act) {
        case keys::GrantAct::enroll: return "operator enrolled";
        case keys::GrantAct::request: return "grant requested";
        case keys::GrantAct::approve: return "grant approved";
        case keys::GrantAct::end: return "grant ended";
    }
    return "grant";
}

std::string description_of(const keys::GrantEvent& event) {
    auto text = fmt::format("{} by {}", verb_of(event.act), event.who.empty() ? "time" : event.who);
    if (event.act == keys::GrantAct::end) text += fmt::format("; charts opened: {}", event.opened);
    return text + "\n" + event.text;
}

}   // namespace

/// The same for the same event, so that none is told twice, and not to be guessed, so that nobody takes its
/// place before.
std::string GrantTrail::id_of(const keys::GrantEvent& event) const {
    const auto name = fmt::format("grant event {} {}", event.number, event.at_ms);
    return to_hex(crypto::hmac_sha256(parts_.naming_key.reveal(), as_bytes(name))).substr(0, 32);
}

Result<> GrantTrail::catch_up() {
    const Lock lock{mutex_};
    for (;;) {
        const auto event = TRY(parts_.keys.grant_event_after(told_));
        if (!event) return {};
        TRY(tell(*event));
        told_ = event->number;
    }
}

Result<> GrantTrail::tell(const keys::GrantEvent& event) {
    const auto id = id_of(event);
    {
        const auto reader = TRY(parts_.readers.take());
        const auto record =
            parts_.sealer.pseudonyms().record(fhir::number_of(fhir::ResourceType::audit_event), id);
        if (TRY(Records{*reader}.current(record))) return {};
    }
    const auto description = description_of(event);
    const std::string_view entity = "ward-keys/grant";
    fhir::AuditFactsView facts;
    facts.id = id;
    facts.version_id = "1";
    facts.time = Time{std::chrono::milliseconds{event.at_ms}};
    facts.interaction = fhir::Interaction::operation;
    facts.user_id = event.who;
    facts.client_id = "ward-keys";
    facts.server_url = parts_.base_url;
    facts.source_site = parts_.site;
    facts.entities = std::span{&entity, 1};
    facts.query = description;
    std::string json;
    fhir::write_audit_event(facts, json);
    ChangeSet changes;
    changes.versions.push_back(TRY(parts_.sealer.seal_audit(id, json, {}, parts_.clock.now())));
    return parts_.commits.run([&changes](store::Database& writer) { return apply(writer, changes); });
}

}   // namespace ward::vault
