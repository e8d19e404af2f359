// SPDX-License-Identifier: Apache-2.0
#include "vault/feed_trail.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "fhir/audit_event.hpp"
#include "vault/search.hpp"

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

/// Turns of one feed have tokens of their own, so that the last one is known without opening any.
OwnerId turns_of(const Pseudonyms& pseudonyms, const std::string& feed, FeedTurn turn) {
    return pseudonyms.owner_without_patient(
        fmt::format("turns of feeds/{}/{}", turn == FeedTurn::silent ? "silent" : "heard again", feed));
}

Result<std::int64_t> last_told(Vault& vault, const std::string& feed, FeedTurn turn) {
    const auto reader = TRY(vault.readers().take());
    auto& sealer = vault.sealer();
    const auto token = audit_token(sealer.facility(), turns_of(sealer.pseudonyms(), feed, turn));
    const auto seqs = TRY(Records{*reader}.with_token(token, SearchLimits{}.candidates_max));
    return seqs.empty() ? -1 : seqs.back();
}

}   // namespace

Result<> tell_of_feed(Vault& vault, const std::string& feed, FeedTurn turn, Time last_heard) {
    const auto now = vault.clock().now();
    const auto id = uuid_v7(now);
    const bool is_silent = turn == FeedTurn::silent;
    const auto description =
        fmt::format("feed is {}; {}", is_silent ? "silent" : "heard again",
                    last_heard == Time{} ? "never heard" : "last heard " + to_instant(last_heard));
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
    const auto& pseudonyms = vault.sealer().pseudonyms();
    const std::vector<OwnerId> topics{feed_turns(pseudonyms), turns_of(pseudonyms, feed, turn)};
    changes.versions.push_back(TRY(vault.sealer().seal_audit(id, json, {}, now, topics)));
    return vault.commit_and_wait(changes);
}

Result<bool> is_told_silent(Vault& vault, const std::string& feed) {
    const auto silent = TRY(last_told(vault, feed, FeedTurn::silent));
    return silent > TRY(last_told(vault, feed, FeedTurn::heard_again));
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
