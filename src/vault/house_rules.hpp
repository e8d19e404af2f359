// SPDX-License-Identifier: Apache-2.0
// What the hospital and its patients say beyond a token's scopes: the policy, consents, and glass that was
// broken.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "policy/consent.hpp"
#include "policy/policy.hpp"
#include "vault/body.hpp"
#include "vault/known_consents.hpp"
#include "vault/scope.hpp"

namespace ward::vault {

policy::Action action_for(Permission permission);

/// An opened record: a view. `patients` are those in whose compartments it lies (R4, CompartmentDefinition);
/// a tombstone has no resource.
struct RecordView {
    fhir::ResourceType type{};
    json::Value resource;
    std::span<const std::string> patients;
};

/// What is looked up in charts, for the caller and not on the caller's behalf. After an error it is as if the
/// caller may not, and HouseRules tells of it: the answer would leave out what belongs into it.
struct ChartQuestions {
    std::function<Result<bool>(const policy::Relation&, const std::string& patient)> is_related;
    std::function<Result<Consents>(const std::string& patient)> consents;
    /// The patients whose glass the caller has broken, and whose time is not over.
    std::function<Result<std::vector<std::string>>()> open_glass;
};

/// For one caller and one request: it remembers what it found. For one thread at a time.
class HouseRules {
public:
    /// Without a policy, scopes are all that is needed, and consents are kept all the same.
    HouseRules(std::shared_ptr<const policy::Policy> policy, policy::Actor actor, ChartQuestions charts,
               Time now)
        : policy_(std::move(policy)), actor_(std::move(actor)), charts_(std::move(charts)), now_(now) {}

    bool could(Permission permission, fhir::ResourceType type);
    bool may_always(Permission permission, fhir::ResourceType type) const;
    bool may(Permission permission, const RecordView& record);
    /// By the policy and broken glass alone.
    bool is_permitted(Permission permission, const RecordView& record);

    /// The same for an export: reading is another action then, to the policy and to consents.
    HouseRules for_export() const {
        auto exporting = *this;
        exporting.exporting_ = true;
        return exporting;
    }

    /// What could not be looked up, by the patient in whose chart it is; by none for broken glass.
    const std::map<std::string, Error>& troubles() const { return troubles_; }

    const policy::Policy* policy() const { return policy_.get(); }
    const policy::Actor& actor() const { return actor_; }

private:
    policy::Action action_of(Permission permission) const;
    template <class T>
    T known(Result<T> looked_up, const std::string& patient);
    bool has_rule(Permission permission, const RecordView& record, policy::Naming naming);
    bool is_denied(const std::string& patient, const RecordView& record);
    bool is_broken_for(const std::string& patient);
    const std::vector<std::string>& open_glass();

    std::shared_ptr<const policy::Policy> policy_;
    policy::Actor actor_;
    ChartQuestions charts_;
    Time now_;
    bool exporting_ = false;
    std::map<std::pair<const policy::Relation*, std::string>, bool> related_;
    std::map<std::string, Consents> consents_;   // null: all is denied
    std::optional<std::vector<std::string>> open_glass_;
    std::map<std::string, Error> troubles_;
};

}   // namespace ward::vault
