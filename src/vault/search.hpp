// SPDX-License-Identifier: Apache-2.0
// Searching sealed records: the blind index suggests, opening and the exact filter decide.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/function_ref.hpp"
#include "fhir/query.hpp"
#include "vault/cursor.hpp"
#include "vault/opener.hpp"

namespace ward::vault {

struct SearchLimits {
    std::size_t count_default = 20;
    std::size_t count_max = 1'000;
    std::size_t history_max = 100;               // versions in one page of a history
    std::size_t opened_max = 5'000;              // records opened for one page
    std::size_t opened_bytes_max = 256U << 20;   // the same, in bytes of JSON
    std::size_t page_bytes_max = 32U << 20;      // a page ends early rather than grow beyond this
    std::int64_t candidates_max = 200'000;       // that one token may suggest
    std::size_t patients_max = 16;               // that one search may name, or a chain may lead to
    std::size_t linked_max = 500;                // resources that a chain may lead to
    std::size_t linked_opened_max = 20'000;      // records opened for chains and includes of one page
    std::size_t linked_opened_bytes_max = 512U << 20;
    std::size_t included_max = 1'000;   // resources beside the matches of one page
};

/// What is searched: a query, perhaps within the compartment of one patient, from a place on.
struct SearchRequest {
    fhir::Query query;
    std::string compartment;             // a patient's id, or empty
    std::string only;                    // of search(): whose chart alone the caller may look into
    std::vector<std::string> patients;   // within whose charts to look if the query names none
    std::optional<Place> after;
    std::size_t count = SearchLimits{}.count_default;
    bool is_first_enough = false;   // whether there are more than `count` does not matter
};

struct Match {
    StoredVersion row;   // without `sealed`
    Body body;
};

struct Found {
    std::vector<Match> matches;
    std::vector<Match> included;        // what belongs beside them, each once, of any type
    std::optional<Place> next;          // where the next page starts, if there is one
    std::optional<std::size_t> total;   // of all pages, if it is known
    std::vector<Observed> observed;     // what the index said, for a condition that must hold at the commit
    bool is_watched = true;             // another match would show in what was observed
};

/// Finds what `sight` may see, and counts nothing else. Refuses with too_costly what would open the charts of
/// patients who are not named.
fhir::Checked<Found> search(Sealer& sealer, store::Database& reader, const SearchRequest& request,
                            const Sight& sight, Time now);

/// The same with an Opener that has opened records for this request before.
fhir::Checked<Found> search(Opener& opener, const SearchRequest& request);

/// Current records in a patient's compartment of the types that are wanted and that `sight` may see, but the
/// audit trail; the Patient first.
struct Chart {
    std::vector<Match> matches;
    bool is_whole = true;   // otherwise they have more than `bytes_max`, and there are more of them
};
fhir::Checked<Chart> chart_of(Sealer& sealer, store::Database& reader, const std::string& patient,
                              const Sight& sight, FunctionRef<bool(fhir::ResourceType)> wants,
                              std::size_t bytes_max);

/// The whole of it. Refuses with too_costly what is too long for one answer.
fhir::Checked<std::vector<Match>> everything(Sealer& sealer, store::Database& reader,
                                             const std::string& patient, const Sight& sight);

}   // namespace ward::vault
