// SPDX-License-Identifier: Apache-2.0
#include "vault/search.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "fhir/compartment.hpp"
#include "fhir/match.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using Seqs = std::vector<std::int64_t>;

/// What the index suggests: either these, or all records of the type.
struct Plan {
    bool whole_type = false;
    Seqs seqs;   // ascending
    std::vector<Observed> observed;
    // By `observed`; or whatever matches later, such as a PUT of an `_id`, may as well come after the
    // condition.
    bool is_watched = true;
};

class Planner {
public:
    Planner(Sealer& sealer, store::Database& reader, const SearchRequest& request)
        : sealer_(sealer), records_(reader), request_(request), query_(request.query) {}

    Checked<Plan> plan() {
        if (const auto* ids = filter_named("_id")) return by_id(*ids);
        const bool finds_patients = query_.type == fhir::ResourceType::patient;
        if (finds_patients && !request_.compartment.empty()) {
            const auto parameter = fhir::search_parameter(query_.type, "_id");
            return by_id({parameter, {fhir::TokenTerm{.system = {}, .code = request_.compartment}}});
        }
        if (!finds_patients && fhir::in_patient_compartment(query_.type)) return within_patients();
        return across_facility(finds_patients ? IndexScope::find_patient : IndexScope::facility);
    }

private:
    const fhir::Filter* filter_named(std::string_view code) const {
        const auto found = std::ranges::find(query_.filters, code,
                                             [](const auto& filter) { return filter.parameter->code; });
        return found == query_.filters.end() ? nullptr : &*found;
    }

    Checked<Plan> by_id(const fhir::Filter& ids) {
        Plan plan;
        for (const auto& term : ids.any_of) {
            const auto* token = std::get_if<fhir::TokenTerm>(&term);
            if (token == nullptr || !fhir::is_id(token->code)) continue;   // nothing has such an id
            const auto record = sealer_.pseudonyms().record(fhir::number_of(query_.type), token->code);
            const auto row = TRY_CHECKED(records_.current(record));
            if (is_there(row)) plan.seqs.push_back(row->seq);
        }
        sort(plan.seqs);
        return plan;
    }

    Checked<Plan> within_patients() {
        auto patients = fhir::patients_in_query(query_);
        if (!request_.compartment.empty()) patients = {request_.compartment};
        const auto type = fhir::name_of(query_.type);
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
    Records records_;
    const SearchRequest& request_;
    const fhir::Query& query_;
    bool first_ = true;   // the next look-up is the first of its patient, or of all
};

/// Opens what the plan suggests and keeps what matches.
class Filtering {
public:
    Filtering(Sealer& sealer, store::Database& reader, const SearchRequest& request, const Sight& sight,
              Time now)
        : sealer_(sealer), records_(reader), request_(request), sight_(sight), now_(now) {}

    Checked<Found> run(Plan plan) {
        found_.observed = std::move(plan.observed);
        found_.is_watched = plan.is_watched;
        if (!plan.whole_type) {
            TRY(look_at(plan.seqs));
            return std::move(found_);
        }
        constexpr std::int64_t step = 500;
        for (auto after = request_.after; !found_.next;) {
            const auto seqs =
                TRY_CHECKED(records_.of_type(fhir::number_of(request_.query.type), after, step));
            if (seqs.empty()) break;
            TRY(look_at(seqs));
            after = seqs.back();
        }
        return std::move(found_);
    }

private:
    Checked<> look_at(const Seqs& seqs) {
        for (const auto seq : seqs) {
            if (seq <= request_.after) continue;
            if (found_.matches.size() >= request_.count || opened_ >= SearchLimits{}.opened_max ||
                bytes_ >= SearchLimits{}.page_bytes_max) {
                found_.next = last_;
                return {};
            }
            TRY(look_at(seq));
            last_ = seq;
        }
        return {};
    }

    Checked<> look_at(std::int64_t seq) {
        auto row = TRY_CHECKED(records_.at(seq));
        if (!row)
            return tl::unexpected(issue_of({Errc::corrupt, {}}));   // the index names a row that is gone
        ++opened_;
        auto body = TRY_CHECKED(sealer_.open(*row));
        const auto in_chart = [&] {
            return std::ranges::find(body.patients, request_.compartment) != body.patients.end();
        };
        if (!request_.compartment.empty() && !in_chart()) return {};
        const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
        const auto document = TRY_CHECKED(json::Document::parse(body.json.reveal(), limits));
        if (!sight_.may(Permission::search, {request_.query.type, document.root(), body.patients})) return {};
        if (!fhir::matches(request_.query, document.root(), now_)) return {};
        row->version.sealed.clear();
        bytes_ += body.json.reveal().size();
        found_.matches.push_back({*std::move(row), std::move(body)});
        return {};
    }

    Sealer& sealer_;
    Records records_;
    const SearchRequest& request_;
    const Sight& sight_;
    Time now_;
    Found found_;
    std::int64_t last_ = request_.after;
    std::size_t opened_ = 0;
    std::size_t bytes_ = 0;
};

}   // namespace

Checked<Found> search(Sealer& sealer, store::Database& reader, const SearchRequest& request,
                      const Sight& sight, Time now) {
    auto plan = TRY((Planner{sealer, reader, request}.plan()));
    return Filtering{sealer, reader, request, sight, now}.run(std::move(plan));
}

Checked<std::vector<Match>> everything(Sealer& sealer, store::Database& reader, const std::string& patient,
                                       const Sight& sight) {
    const Records records{reader};
    std::vector<Match> matches;
    const auto keys = TRY_CHECKED(sealer.existing_keys(sealer.pseudonyms().owner_of_patient(patient)));
    if (!keys) return matches;
    Seqs seqs;
    for (const auto type : fhir::resource_types()) {
        if (!fhir::in_patient_compartment(type) || type == fhir::ResourceType::audit_event) continue;
        if (!sight.may_ever(Permission::read, type)) continue;
        const auto more =
            TRY_CHECKED(records.with_token(type_token(keys->tokens, type), SearchLimits{}.candidates_max));
        const auto at = type == fhir::ResourceType::patient ? seqs.begin() : seqs.end();
        seqs.insert(at, more.begin(), more.end());
    }
    std::size_t bytes = 0;
    for (const auto seq : seqs) {
        auto row = TRY_CHECKED(records.at(seq));
        if (!row) return tl::unexpected(issue_of({Errc::corrupt, {}}));
        auto body = TRY_CHECKED(sealer.open(*row));
        const auto type = *fhir::resource_type(row->version.type);
        if (!TRY_CHECKED(sight.may(Permission::read, type, body))) continue;
        bytes += body.json.reveal().size();
        if (bytes > 4 * SearchLimits{}.page_bytes_max)
            return fhir::refuse(IssueType::too_costly,
                                "this chart is too long for one answer; search by type");
        row->version.sealed.clear();
        matches.push_back({*std::move(row), std::move(body)});
    }
    return matches;
}

}   // namespace ward::vault
