// SPDX-License-Identifier: Apache-2.0
#include "vault/charts.hpp"

#include "vault/break_glass.hpp"
#include "vault/search.hpp"

namespace ward::vault {
namespace {

/// Whether anything in the chart is found so.
Result<bool> is_found(Vault& vault, const std::string& patient, const policy::Relation& relation,
                      const std::string& me, Time now) {
    static const auto all = parse_scopes("system/*.rs").value();
    const auto query =
        fhir::parse_query(relation.type, policy::criteria_of(relation, me), {vault.base_url(), {}});
    if (!query) return fail(Errc::malformed, query.error().diagnostics);
    SearchRequest request;
    request.query = *query;
    request.compartment = patient;
    request.count = 1;
    request.is_first_enough = true;
    const auto reader = TRY(vault.readers().take());
    const auto found = search(vault.sealer(), *reader, request, Sight{all}, now);
    if (!found) {
        const bool is_spent = found.error().type == fhir::IssueType::throttled;
        return fail(is_spent ? Errc::limit_exceeded : Errc::unavailable, found.error().diagnostics);
    }
    return !found->matches.empty();
}

Result<Consents> consents_of(Vault& vault, const std::string& patient) {
    const auto reader = TRY(vault.readers().take());
    return vault.consents().of(patient, *reader);
}

}   // namespace

ChartQuestions questions_to(Vault& vault, const policy::Actor& actor, Time now) {
    return {
        .is_related = [&vault, me = actor.fhir_user, now](const policy::Relation& relation,
                                                          const std::string& patient) -> Result<bool> {
            if (me.empty()) return false;
            return is_found(vault, patient, relation, me, now);
        },
        .consents = [&vault](const std::string& patient) { return consents_of(vault, patient); },
        .open_glass = [&vault, user = actor.user, now] { return open_glass_of(vault, user, now); },
    };
}

}   // namespace ward::vault
