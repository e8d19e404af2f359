// SPDX-License-Identifier: Apache-2.0
// What lies in patients' charts and is found across all of them, under the facility's key: identifiers and
// the names of related persons, and what the hospital switched on. docs/threat-model.md says what that tells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "fhir/search_parameters.hpp"

namespace ward::vault {

/// Immutable; callable from several threads.
class FacilityIndex {
public:
    /// `switched_on` has names such as "CareTeam.role". Errc::malformed for what is no parameter that a
    /// patient's chart is searched by with an index.
    static Result<FacilityIndex> with(std::vector<std::string> switched_on);

    bool has(fhir::ResourceType type, const fhir::SearchParameter& parameter) const;

    /// The parameter's name in the store, which remembers since when rows are indexed by it.
    static std::string name_of(fhir::ResourceType type, const fhir::SearchParameter& parameter);

    /// Of all that is indexed, sorted.
    std::vector<std::string> names() const;

private:
    explicit FacilityIndex(std::vector<std::string> switched_on) : switched_on_(std::move(switched_on)) {}

    std::vector<std::string> switched_on_;   // sorted
};

}   // namespace ward::vault
