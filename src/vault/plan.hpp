// SPDX-License-Identifier: Apache-2.0
// Which records a search has to open: what the blind index suggests.
#pragma once

#include <cstdint>
#include <vector>

#include "fhir/issue.hpp"
#include "vault/search.hpp"

namespace ward::vault {

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

/// Chains are not looked at. Refuses with too_costly what would open the charts of patients who are not
/// named.
fhir::Checked<Plan> plan_search(Sealer& sealer, const Records& records, const SearchRequest& request);

/// The patients within whose charts the request is to be answered; empty if it is bound to none.
std::vector<std::string> patients_of_request(const SearchRequest& request);

}   // namespace ward::vault
