// SPDX-License-Identifier: Apache-2.0
#include "vault/chain.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "fhir/compartment.hpp"
#include "vault/plan.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using fhir::ResourceType;

bool leads_to_patients_alone(const fhir::Chain& chain) {
    return std::ranges::all_of(
        chain.targets, [](const fhir::TypeFilter& target) { return target.type == ResourceType::patient; });
}

tl::unexpected<fhir::Issue> forbidden(ResourceType type) {
    return fhir::refuse(IssueType::forbidden,
                        fmt::format("the token does not allow search of {}", fhir::name_of(type)));
}

/// What passes one end of a chain, as terms that name it.
Checked<> find_targets(Opener& opener, const fhir::TypeFilter& target, std::vector<std::string> patients,
                       std::vector<fhir::Term>& terms) {
    SearchRequest inner;
    inner.query.type = target.type;
    inner.query.filters.push_back(target.filter);
    inner.patients = std::move(patients);
    inner.count = SearchLimits{}.linked_max;
    const auto found = TRY(search(opener, inner));
    TRY(check_effort(opener));
    if (found.next || terms.size() + found.matches.size() > SearchLimits{}.linked_max)
        return fhir::refuse(
            IssueType::too_costly,
            fmt::format("the chain leads to more than {} resources; narrow it", SearchLimits{}.linked_max));
    for (const auto& match : found.matches) {
        fhir::ReferenceTerm term;
        term.type = fhir::name_of(target.type);
        term.id = match.body.id;
        terms.emplace_back(std::move(term));
    }
    return {};
}

Checked<bool> resolve(Opener& opener, const fhir::Chain& chain, SearchRequest& request) {
    fhir::Filter filter;
    filter.parameter = chain.reference;
    bool any_allowed = false;
    for (const auto& target : chain.targets) {
        if (!opener.sight().may_ever(Permission::search, target.type)) continue;
        any_allowed = true;
        TRY(find_targets(opener, target, patients_of_request(request), filter.any_of));
    }
    if (!any_allowed) return forbidden(chain.targets.front().type);
    if (filter.any_of.empty()) return false;
    request.query.filters.push_back(std::move(filter));
    return true;
}

}   // namespace

// Those that lead to patients come first: they say in whose charts the others are to look.
Checked<bool> resolve_chains(Opener& opener, SearchRequest& request) {
    for (const auto& reverse : request.query.reverses)
        if (!opener.sight().may_ever(Permission::search, reverse.source.type))
            return forbidden(reverse.source.type);
    auto chains = std::move(request.query.chains);
    request.query.chains.clear();
    std::ranges::stable_partition(chains, leads_to_patients_alone);
    for (const auto& chain : chains)
        if (!TRY(resolve(opener, chain, request))) return false;
    return true;
}

Checked<bool> passes_reverses(Opener& opener, const fhir::Query& query, const OpenedRecord& record) {
    for (const auto& reverse : query.reverses) {
        SearchRequest inner;
        inner.query.type = reverse.source.type;
        inner.query.filters.push_back(reverse.source.filter);
        inner.query.filters.push_back(naming(*reverse.reference, query.type, record.body.id));
        inner.patients = charts_of(record.row, record.body);
        inner.count = 1;
        inner.is_first_enough = true;
        const auto found = TRY(search(opener, inner));
        TRY(check_effort(opener));
        if (!found.matches.empty()) continue;
        if (found.next)
            return fhir::refuse(IssueType::too_costly, "too much to look through; narrow the search");
        return false;
    }
    return true;
}

fhir::Filter naming(const fhir::SearchParameter& reference, ResourceType type, std::string_view id) {
    fhir::ReferenceTerm term;
    term.type = fhir::name_of(type);
    term.id = id;
    fhir::Filter filter;
    filter.parameter = &reference;
    filter.any_of.emplace_back(std::move(term));
    return filter;
}

std::vector<std::string> charts_of(const StoredVersion& row, const Body& body) {
    if (row.version.type == fhir::number_of(ResourceType::patient)) return {body.id};
    return body.patients;
}

Checked<> check_effort(const Opener& opener) {
    constexpr SearchLimits limits;
    if (opener.opened() <= limits.linked_opened_max &&
        opener.opened_bytes() <= limits.linked_opened_bytes_max)
        return {};
    return fhir::refuse(IssueType::too_costly, "too much to look through; narrow the search");
}

}   // namespace ward::vault
