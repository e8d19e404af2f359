// SPDX-License-Identifier: Apache-2.0
#include "vault/search.hpp"

#include <algorithm>
#include <utility>

#include "core/unique_function.hpp"
#include "fhir/compartment.hpp"
#include "fhir/match.hpp"
#include "fhir/sort.hpp"
#include "vault/chain.hpp"
#include "vault/inclusion.hpp"
#include "vault/plan.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;

/// Opens what the plan suggests and keeps what matches.
class Filtering {
public:
    Filtering(Opener& opener, const SearchRequest& request)
        : opener_(opener), request_(request), query_(request.query) {}

    Checked<Found> run(const Plan& plan) {
        const bool needs_all =
            !query_.sort.empty() || query_.total == fhir::Total::accurate || request_.count == 0;
        if (needs_all) {
            TRY(walk(plan, -1, [this](std::int64_t seq) { return note(seq); }));
            TRY(take_page());
        } else {
            TRY(walk(plan, last_, [this](std::int64_t seq) { return take(seq); }));
            if (!request_.after && !found_.next) found_.total = found_.matches.size();
        }
        return std::move(found_);
    }

private:
    /// A match of which only the place is kept.
    struct Noted {
        std::int64_t seq;
        fhir::SortPosition keys;
    };
    /// False ends the walk.
    using Visit = UniqueFunction<Checked<bool>(std::int64_t)>;

    Checked<> walk(const Plan& plan, std::int64_t after, Visit visit) {
        constexpr std::int64_t step = 500;
        auto seqs = plan.seqs;
        for (;;) {
            if (plan.whole_type)
                seqs = TRY_CHECKED(opener_.records().of_type(fhir::number_of(query_.type), after, step));
            for (const auto seq : seqs)
                if (seq > after && !TRY(visit(seq))) return {};
            if (!plan.whole_type || seqs.empty()) return {};
            after = seqs.back();
        }
    }

    bool has_opened_enough() const {
        return looked_at_ >= SearchLimits{}.opened_max || opened_bytes_ >= SearchLimits{}.opened_bytes_max;
    }

    Checked<std::optional<OpenedRecord>> match_at(std::int64_t seq) {
        ++looked_at_;
        const auto before = opener_.opened_bytes();
        auto record = TRY(opener_.at(seq, Permission::search));
        opened_bytes_ += opener_.opened_bytes() - before;
        if (!record) return record;
        const auto& patients = record->body.patients;
        const auto& compartment = request_.compartment;
        const bool in_chart =
            compartment.empty() || std::ranges::find(patients, compartment) != patients.end();
        if (!in_chart || !fhir::matches(query_, record->document.root(), opener_.now()) ||
            !TRY(passes_reverses(opener_, query_, *record)))
            record.reset();
        return record;
    }

    /// There is a next page where something is to be on it: a link to an empty one would tell of what is not
    /// shown.
    Checked<bool> take(std::int64_t seq) {
        const bool is_full =
            found_.matches.size() >= request_.count || bytes_ >= SearchLimits{}.page_bytes_max;
        const bool is_enough = has_opened_enough() || (is_full && request_.is_first_enough);
        auto record = is_enough ? std::optional<OpenedRecord>{} : TRY(match_at(seq));
        if (is_enough || (is_full && record)) {
            found_.next = Place{last_, {}};
            return false;
        }
        if (record) keep(*std::move(record));
        last_ = seq;
        return true;
    }

    Checked<bool> note(std::int64_t seq) {
        if (has_opened_enough())
            return fhir::refuse(IssueType::too_costly,
                                "there are too many to count or sort; narrow the search");
        if (const auto record = TRY(match_at(seq)))
            noted_.push_back({seq, fhir::sort_position(query_, record->document.root())});
        return true;
    }

    Checked<> take_page() {
        const auto is_before = [this](const Noted& a, const Noted& b) {
            const auto order = fhir::compare(query_, a.keys, b.keys);
            return order < 0 || (order == 0 && a.seq < b.seq);
        };
        std::ranges::sort(noted_, is_before);
        found_.total = noted_.size();
        auto next = noted_.begin();
        if (request_.after)
            next = std::ranges::upper_bound(noted_, Noted{request_.after->position, request_.after->keys},
                                            is_before);
        for (; next != noted_.end() && request_.count > 0; ++next) {
            if (found_.matches.size() >= request_.count || bytes_ >= SearchLimits{}.page_bytes_max) {
                const auto& last = *std::prev(next);
                found_.next = Place{last.seq, last.keys};
                break;
            }
            if (auto record = TRY(opener_.at(next->seq, Permission::search))) keep(*std::move(record));
        }
        return {};
    }

    void keep(OpenedRecord record) {
        bytes_ += record.body.json.reveal().size();
        found_.matches.push_back({std::move(record.row), std::move(record.body)});
    }

    Opener& opener_;
    const SearchRequest& request_;
    const fhir::Query& query_;
    Found found_;
    std::vector<Noted> noted_;
    std::int64_t last_ = request_.after ? request_.after->position : -1;
    std::size_t looked_at_ = 0;
    std::size_t opened_bytes_ = 0;   // of what was looked at
    std::size_t bytes_ = 0;
};

}   // namespace

Checked<Found> search(Opener& opener, const SearchRequest& request) {
    auto resolved = request;
    resolved.only = opener.sight().only_patient(request.query.type);
    if (!TRY(resolve_chains(opener, resolved))) {
        Found nothing;
        nothing.total = 0;
        nothing.is_watched = false;
        return nothing;
    }
    auto plan = TRY(plan_search(opener.sealer(), opener.records(), resolved));
    auto found = TRY((Filtering{opener, resolved}.run(plan)));
    found.observed = std::move(plan.observed);
    found.is_watched = plan.is_watched && request.query.chains.empty() && request.query.reverses.empty();
    if (request.count > 0) TRY(add_included(opener, request.query, found));
    return found;
}

Checked<Found> search(Sealer& sealer, store::Database& reader, const SearchRequest& request,
                      const Sight& sight, Time now) {
    Opener opener{sealer, reader, sight, now};
    return search(opener, request);
}

Checked<Chart> chart_of(Sealer& sealer, store::Database& reader, const std::string& patient,
                        const Sight& sight, FunctionRef<bool(fhir::ResourceType)> wants,
                        std::size_t bytes_max) {
    const Records records{reader};
    Chart chart;
    const auto is_open = [&](fhir::ResourceType type) {
        const auto only = sight.only_patient(type);
        return wants(type) && fhir::in_patient_compartment(type) && type != fhir::ResourceType::audit_event &&
               sight.may_ever(Permission::read, type) && (only.empty() || only == patient);
    };
    const auto all = fhir::resource_types();
    // That a key is needed, and is not given out now, would tell that there is something.
    if (std::ranges::none_of(all, is_open)) return chart;
    const auto keys = TRY_CHECKED(sealer.existing_keys(sealer.pseudonyms().owner_of_patient(patient)));
    if (!keys) return chart;
    Seqs seqs;
    for (const auto type : all) {
        if (!is_open(type)) continue;
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
        const auto type = fhir::resource_type(row->version.type);
        if (!type) return tl::unexpected(issue_of({Errc::corrupt, {}}));
        if (!TRY_CHECKED(sight.may(Permission::read, *type, body))) continue;
        if (bytes > bytes_max) {
            chart.is_whole = false;
            break;
        }
        bytes += body.json.reveal().size();
        row->version.sealed.clear();
        chart.matches.push_back({*std::move(row), std::move(body)});
    }
    return chart;
}

Checked<std::vector<Match>> everything(Sealer& sealer, store::Database& reader, const std::string& patient,
                                       const Sight& sight) {
    auto chart = TRY(chart_of(
        sealer, reader, patient, sight, [](fhir::ResourceType) { return true; },
        4 * SearchLimits{}.page_bytes_max));
    if (chart.is_whole) return std::move(chart.matches);
    return fhir::refuse(IssueType::too_costly, "this chart is too long for one answer; search by type");
}

}   // namespace ward::vault
