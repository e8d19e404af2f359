// SPDX-License-Identifier: Apache-2.0
#include "vault/feed_trail.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "fhir/audit_event.hpp"

namespace ward::vault {
namespace {

constexpr std::string_view dicom = "http://dicom.nema.org/resources/ontology/DCM";
constexpr std::string_view network_entry = "110108";

bool is_network_entry(const fhir::Term& term) {
    const auto* token = std::get_if<fhir::TokenTerm>(&term);
    if (token == nullptr || token->code != network_entry) return false;
    using enum fhir::TokenTerm::System;
    return token->system_kind == any || (token->system_kind == named && token->system == dicom);
}

}   // namespace

Result<> tell_of_feed(Vault& vault, const std::string& feed, FeedTurn turn, Time last_heard) {
    const auto now = vault.clock().now();
    const auto id = uuid_v7(now);
    const bool is_silent = turn == FeedTurn::silent;
    const auto description = fmt::format("feed is {}; last heard {}", is_silent ? "silent" : "heard again",
                                         to_instant(last_heard));
    fhir::AuditFactsView facts;
    facts.id = id;
    facts.version_id = "1";
    facts.time = now;
    facts.interaction = is_silent ? fhir::Interaction::detach : fhir::Interaction::attach;
    facts.outcome = is_silent ? fhir::AuditOutcome::minor_failure : fhir::AuditOutcome::success;
    facts.outcome_description = description;
    facts.client_id = feed;
    facts.server_url = vault.base_url();
    std::string json;
    fhir::write_audit_event(facts, json);
    ChangeSet changes;
    const auto topic = feed_turns(vault.sealer().pseudonyms());
    changes.versions.push_back(TRY(vault.sealer().seal_audit(id, json, {}, now, {topic})));
    return vault.commit_and_wait(changes);
}

OwnerId feed_turns(const Pseudonyms& pseudonyms) {
    return pseudonyms.owner_without_patient("turns of feeds");
}

bool asks_for_feed_turns(const fhir::Query& query) {
    return query.type == fhir::ResourceType::audit_event &&
           std::ranges::any_of(query.filters, [](const fhir::Filter& filter) {
               return filter.parameter->code == "type" && filter.needs_value() &&
                      std::ranges::all_of(filter.any_of, is_network_entry);
           });
}

}   // namespace ward::vault
