// SPDX-License-Identifier: Apache-2.0
#include "vault/plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "fhir/compartment.hpp"
#include "vault/feed_trail.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;

class Planner {
public:
    Planner(Sealer& sealer, const Records& records, const SearchRequest& request)
        : sealer_(sealer), records_(records), request_(request), query_(request.query) {}

    Checked<Plan> plan() {
        if (const auto* ids = filter_named("_id")) return by_ids(ids_in(*ids));
        const bool finds_patients = query_.type == fhir::ResourceType::patient;
        if (finds_patients && !request_.only.empty()) return by_ids({request_.only});
        if (finds_patients && !request_.compartment.empty()) return by_ids({request_.compartment});
        if (finds_patients && !request_.patients.empty()) return by_ids(request_.patients);
        if (!finds_patients && fhir::in_patient_compartment(query_.type))
            return within(patients_of_request(request_));
        return across_facility(finds_patients ? IndexScope::find_patient : IndexScope::facility);
    }

private:
    const fhir::Filter* filter_named(std::string_view code) const {
        const auto found = std::ranges::find_if(query_.filters, [&](const fhir::Filter& filter) {
            return filter.parameter->code == code && filter.needs_value();
        });
        return found == query_.filters.end() ? nullptr : &*found;
    }

    static std::vector<std::string> ids_in(const fhir::Filter& filter) {
        std::vector<std::string> ids;
        for (const auto& term : filter.any_of)
            if (const auto* token = std::get_if<fhir::TokenTerm>(&term)) ids.push_back(token->code);
        return ids;
    }

    Checked<Plan> by_ids(const std::vector<std::string>& ids) {
        Plan plan;
        for (const auto& id : ids) {
            if (!fhir::is_id(id)) continue;   // nothing has such an id
            const auto record = sealer_.pseudonyms().record(fhir::number_of(query_.type), id);
            const auto row = TRY_CHECKED(records_.current(record));
            if (is_there(row)) plan.seqs.push_back(row->seq);
        }
        sort(plan.seqs);
        return plan;
    }

    Checked<Plan> within(const std::vector<std::string>& patients) {
        const auto type = fhir::name_of(query_.type);
        if (patients.empty() && asks_for_feed_turns(query_)) return of_feeds();
        if (patients.empty() && finds_charts()) return across_charts();
        if (patients.empty())
            return fhir::refuse(IssueType::too_costly,
                                fmt::format("{} lies in patients' charts: name the patient, for example"
                                            " {}?patient=ID or Patient/ID/{}, or give _id",
                                            type, type, type));
        if (patients.size() > SearchLimits{}.patients_max)
            return fhir::refuse(IssueType::too_costly, fmt::format("at most {} patients in one search",
                                                                   SearchLimits{}.patients_max));
        Plan plan;
        for (const auto& patient : patients) {
            const auto owner = sealer_.pseudonyms().owner_of_patient(patient);
            first_ = true;
            const bool is_trail = query_.type == fhir::ResourceType::audit_event;
            if (is_trail) {
                // This server's own, one a request, are found by their patient alone.
                const auto own = TRY(under_any({audit_token(sealer_.facility(), owner)}, plan));
                plan.seqs.insert(plan.seqs.end(), own.begin(), own.end());
                first_ = true;   // the index that client's own stand in comes next
            }
            const auto keys = TRY_CHECKED(sealer_.existing_keys(owner));
            if (!keys) {   // nothing was ever stored about this patient
                plan.is_watched = false;
                continue;
            }
            auto seqs = TRY(under_any({type_token(keys->tokens, query_.type)}, plan));
            TRY(narrow(seqs, keys->tokens, IndexScope::patient, plan));
            plan.seqs.insert(plan.seqs.end(), seqs.begin(), seqs.end());
        }
        sort(plan.seqs);
        return plan;
    }

    /// What this server tells of feeds. Whoever else has an AuditEvent of such a type names a patient, or
    /// _id.
    Checked<Plan> of_feeds() {
        Plan plan;
        const auto topic = feed_turns(sealer_.pseudonyms());
        plan.seqs = TRY(under_any({audit_token(sealer_.facility(), topic)}, plan));
        return plan;
    }

    bool is_across_charts(const fhir::Filter& filter) const {
        return filter.needs_value() && sealer_.facility_index().has(query_.type, *filter.parameter) &&
               lookup_tokens(sealer_.facility(), IndexScope::find_chart, query_.type, filter).has_value();
    }

    bool finds_charts() const {
        return std::ranges::any_of(query_.filters,
                                   [this](const fhir::Filter& filter) { return is_across_charts(filter); });
    }

    Checked<Plan> across_charts() {
        Plan plan;
        std::optional<Seqs> seqs;
        for (const auto& filter : query_.filters) {
            if (!is_across_charts(filter)) continue;
            TRY(check_indexed(*filter.parameter));
            auto found = TRY(under_any(
                *lookup_tokens(sealer_.facility(), IndexScope::find_chart, query_.type, filter), plan));
            seqs = seqs ? in_both(*seqs, found) : std::move(found);
        }
        plan.seqs = *std::move(seqs);
        return plan;
    }

    /// What was stored before a parameter was indexed would be missing without a word.
    Checked<> check_indexed(const fhir::SearchParameter& parameter) const {
        const auto name = FacilityIndex::name_of(query_.type, parameter);
        const auto since = TRY_CHECKED(records_.indexed_since(name));
        const auto first = TRY_CHECKED(records_.of_type(fhir::number_of(query_.type), -1, 1));
        if (first.empty() || (since && first.front() >= *since)) return {};
        return fhir::refuse(IssueType::too_costly,
                            fmt::format("some {} were stored before {} was indexed for all patients: name the"
                                        " patient",
                                        fhir::name_of(query_.type), name));
    }

    Checked<Plan> across_facility(IndexScope scope) {
        Plan plan;
        std::optional<Seqs> seqs;
        for (const auto& filter : query_.filters) {
            const auto tokens = lookup_tokens(sealer_.facility(), scope, query_.type, filter);
            if (!tokens) continue;
            auto found = TRY(under_any(*tokens, plan));
            seqs = seqs ? in_both(*seqs, found) : std::move(found);
        }
        if (!seqs && scope == IndexScope::find_patient)
            return fhir::refuse(
                IssueType::too_costly,
                "a search for patients needs a name of at least two characters, an identifier or a"
                " birth date, or _id");
        plan.whole_type = !seqs;
        plan.is_watched = seqs.has_value();
        if (seqs) plan.seqs = *std::move(seqs);
        return plan;
    }

    Checked<> narrow(Seqs& seqs, const TokenKey& key, IndexScope scope, Plan& plan) {
        for (const auto& filter : query_.filters) {
            if (seqs.empty()) break;
            const auto tokens = lookup_tokens(key, scope, query_.type, filter);
            if (tokens) seqs = in_both(seqs, TRY(under_any(*tokens, plan)));
        }
        return {};
    }

    /// The first look-up is what a later condition rests on: a record that would match stands under one of
    /// its tokens.
    Checked<Seqs> under_any(const std::vector<Token>& tokens, Plan& plan) {
        const bool first = std::exchange(first_, false);
        Seqs all;
        for (const auto token : tokens) {
            auto seqs = TRY_CHECKED(records_.with_token(token, SearchLimits{}.candidates_max));
            if (seqs.size() > static_cast<std::size_t>(SearchLimits{}.candidates_max))
                return fhir::refuse(IssueType::too_costly, "too many records match; narrow the search");
            all.insert(all.end(), seqs.begin(), seqs.end());
            if (first) plan.observed.push_back({token, std::move(seqs)});
        }
        sort(all);
        return all;
    }

    static void sort(Seqs& seqs) {
        std::ranges::sort(seqs);
        seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
    }

    static Seqs in_both(const Seqs& left, const Seqs& right) {
        Seqs both;
        std::ranges::set_intersection(left, right, std::back_inserter(both));
        return both;
    }

    Sealer& sealer_;
    const Records& records_;
    const SearchRequest& request_;
    const fhir::Query& query_;
    bool first_ = true;   // the next look-up is the first of its patient, or of all
};

}   // namespace

Checked<Plan> plan_search(Sealer& sealer, const Records& records, const SearchRequest& request) {
    return Planner{sealer, records, request}.plan();
}

std::vector<std::string> patients_of_request(const SearchRequest& request) {
    if (!request.only.empty()) return {request.only};
    if (!request.compartment.empty()) return {request.compartment};
    auto patients = fhir::patients_in_query(request.query);
    return patients.empty() ? request.patients : patients;
}

}   // namespace ward::vault
