// SPDX-License-Identifier: Apache-2.0
#include "vault/searching.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "fhir/compartment.hpp"
#include "fhir/outcome.hpp"
#include "fhir/subset.hpp"
#include "vault/bundle_writer.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using fhir::ResourceType;

/// R4, search.html#errors: what was passed over is neither in the links nor in what they lead to.
void drop_ignored(const fhir::Query& query, PageRequest& page) {
    std::erase_if(page.parameters, [&](const FormField& field) {
        return std::ranges::find(query.ignored, field.name) != query.ignored.end();
    });
}

SearchRequest request_of(fhir::Query query, const std::string& compartment, std::optional<Place> after) {
    SearchRequest request;
    request.compartment = compartment;
    request.after = std::move(after);
    request.count =
        std::min<std::size_t>(query.count.value_or(SearchLimits{}.count_default), SearchLimits{}.count_max);
    if (query.summary == fhir::Summary::count) request.count = 0;
    request.query = std::move(query);
    return request;
}

Checked<> write_matches(const fhir::Query& query, const Found& found, BundleWriter& bundle) {
    for (const auto& match : found.matches) {
        if (!fhir::asks_for_part(query)) {
            bundle.match(match.row.version, match.body);
            continue;
        }
        const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
        const auto document = TRY_CHECKED(json::Document::parse(match.body.json.reveal(), limits));
        bundle.match(match.row.version, {match.body.id, {}, Phi{fhir::part_of(query, document.root())}});
    }
    for (const auto& match : found.included) bundle.include(match.row.version, match.body);
    if (!query.ignored.empty())
        bundle.outcome(fhir::operation_outcome(
            {IssueType::informational,
             fmt::format("{} search parameters are not known and were ignored", query.ignored.size()),
             query.ignored.front()},
            fhir::Severity::warning));
    return {};
}

void tell(const std::vector<Match>& matches, AuditTrail& trail) {
    for (const auto& match : matches) {
        trail.add_patients(match.body.patients);
        trail.entities.push_back(version_path(*fhir::resource_type(match.row.version.type), match.body.id,
                                              match.row.version.number));
    }
}

}   // namespace

Checked<Reply> search_type(Vault& vault, const Caller& caller, ResourceType type,
                           const std::string& compartment, PageRequest page, AuditTrail& trail) {
    auto self = address_of(page);
    auto after = TRY(turn_page(vault, caller, page));
    const bool is_first = !after;
    trail.query = address_of(page);
    if (!compartment.empty()) trail.patients.push_back(compartment);
    auto query = TRY(fhir::parse_query(type, page.parameters, {vault.base_url(), {}, page.unknown}));
    if (query.summary == fhir::Summary::text && !(query.includes.empty() && query.reverse_includes.empty()))
        return fhir::refuse(IssueType::invalid, "_summary=text goes with no include", "_summary");
    drop_ignored(query, page);
    if (is_first) self = address_of(page);
    const auto request = request_of(std::move(query), compartment, std::move(after));

    trail.add_patients(fhir::patients_in_query(request.query));
    const auto reader = TRY_CHECKED(vault.readers().take());
    const auto found = TRY(search(vault.sealer(), *reader, request, caller.sight, vault.clock().now()));
    BundleWriter bundle{vault.base_url(), "searchset", vault.clock().now()};
    bundle.link("self", fmt::format("{}/{}", vault.base_url(), self));
    if (found.next) bundle.link("next", TRY(next_url(vault, caller, page, *found.next)));
    if (found.total && request.query.total != fhir::Total::none) bundle.total(*found.total);
    tell(found.matches, trail);
    tell(found.included, trail);
    TRY(write_matches(request.query, found, bundle));
    return Reply{200, {}, bundle.finish(), {}};
}

}   // namespace ward::vault
