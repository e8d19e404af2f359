// SPDX-License-Identifier: Apache-2.0
// What a caller may see and do, as one thing to ask about every opened record: before it is counted, matched
// in somebody's search, included, returned or replaced. What may not be seen is treated as if it were not
// there.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "fhir/resource_types.hpp"
#include "json/document.hpp"
#include "vault/body.hpp"
#include "vault/house_rules.hpp"
#include "vault/scope.hpp"

namespace ward::vault {

/// A default-made Sight sees nothing.
class Sight {
public:
    Sight() = default;
    /// `patient` is the id of the one whom `patient/` scopes are about; without any they give nothing.
    /// Without rules of the house, the scopes are all that counts.
    Sight(std::vector<Scope> scopes, std::string patient = {}, std::shared_ptr<HouseRules> rules = {})
        : scopes_(std::move(scopes)), patient_(std::move(patient)), rules_(std::move(rules)) {}

    /// Whether there could be a record of this type with which the caller may do this. If not, the request is
    /// refused before anything is looked up, the same whatever there is.
    bool may_ever(Permission permission, fhir::ResourceType type) const;

    /// The same by the scopes alone.
    bool has_scope(Permission permission, fhir::ResourceType type) const;

    /// Whether the caller may do this with the record: see it by reading it, or through an include (`read`);
    /// see it as what a search found, or matched on its way (`search`); change it, asked of what is there and
    /// of what would be (`update`).
    bool may(Permission permission, const RecordView& record) const;

    /// The same whatever patients consented to: of what is looked into and not shown.
    bool may_use(Permission permission, const RecordView& record) const;

    /// What may() says of what was opened and not parsed. Errors are those of the JSON.
    Result<bool> may(Permission permission, fhir::ResourceType type, const Body& body) const;

    /// Whether may_ever() says all there is to say, so that no record needs to be opened to know.
    bool is_unlimited(Permission permission, fhir::ResourceType type) const;

    /// The one patient outside whose compartment the caller finds nothing of this type; empty if there are
    /// more. Lets a search look where it may find something.
    std::string only_patient(fhir::ResourceType type) const;

    /// What the same caller may export: what `system/` scopes say, and the house says of exports. It shares
    /// nothing with this one.
    Sight for_export() const;

    /// What kept may() from knowing: then an answer would leave out what belongs into it. Who may look into
    /// one chart only is not told that the key of another is needed.
    std::optional<Error> trouble() const;

    /// Null if there are none.
    HouseRules* rules() const { return rules_.get(); }

    /// What a page link is bound to: two sights with one of these are of one caller with the same rights.
    std::string fingerprint() const;

private:
    bool is_in_scope(Permission permission, const RecordView& record) const;
    bool covers(const Scope& scope, Permission permission, const RecordView& record) const;
    bool is_of_patient(Permission permission, const RecordView& record) const;

    std::vector<Scope> scopes_;
    std::string patient_;
    std::shared_ptr<HouseRules> rules_;   // shared by the copies of one request's caller
};

}   // namespace ward::vault
