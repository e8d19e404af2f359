// SPDX-License-Identifier: Apache-2.0
#include "vault/charts.hpp"

#include "vault/break_glass.hpp"
#include "vault/search.hpp"

namespace ward::vault {
namespace {

constexpr std::size_t consents_max = 100;   // of one patient; beyond, everything is denied

/// Every record of the chart that is found so.
Result<Found> look_up(Vault& vault, const std::string& patient, fhir::ResourceType type,
                      const std::vector<FormField>& criteria, std::size_t count, Time now) {
    static const auto all = parse_scopes("system/*.rs").value();
    const auto query = fhir::parse_query(type, criteria, {vault.base_url(), {}});
    if (!query) return fail(Errc::malformed, query.error().diagnostics);
    SearchRequest request;
    request.query = *query;
    request.compartment = patient;
    request.count = count;
    request.is_first_enough = true;
    const auto reader = TRY(vault.readers().take());
    auto found = search(vault.sealer(), *reader, request, Sight{all}, now);
    if (!found) return fail(Errc::unavailable, found.error().diagnostics);
    return *std::move(found);
}

Result<std::vector<policy::Consent>> consents_of(Vault& vault, const std::string& patient, Time now) {
    const auto found = TRY(
        look_up(vault, patient, *fhir::resource_type("Consent"), {{"status", "active"}}, consents_max, now));
    if (found.next) return fail(Errc::limit_exceeded, "a patient has too many consents");
    std::vector<policy::Consent> consents;
    for (const auto& match : found.matches) {
        const auto document = TRY(json::Document::parse(match.body.json.reveal()));
        if (auto consent = policy::read_consent(document.root())) consents.push_back(*std::move(consent));
    }
    return consents;
}

}   // namespace

ChartQuestions questions_to(Vault& vault, const policy::Actor& actor, Time now) {
    return {
        .is_related = [&vault, me = actor.fhir_user, now](const policy::Relation& relation,
                                                          const std::string& patient) -> Result<bool> {
            if (me.empty()) return false;
            const auto found =
                TRY(look_up(vault, patient, relation.type, policy::criteria_of(relation, me), 1, now));
            return !found.matches.empty();
        },
        .consents = [&vault, now](const std::string& patient) { return consents_of(vault, patient, now); },
        .open_glass = [&vault, user = actor.user, now] { return open_glass_of(vault, user, now); },
    };
}

}   // namespace ward::vault
