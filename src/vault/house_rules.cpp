// SPDX-License-Identifier: Apache-2.0
#include "vault/house_rules.hpp"

#include <algorithm>

namespace ward::vault {
namespace {

bool reads(Permission permission) {
    return permission == Permission::read || permission == Permission::search;
}

/// What was consented to is not withheld by a consent: scopes and policy decide.
bool is_under_consent(fhir::ResourceType type) {
    static const auto consent = *fhir::resource_type("Consent");
    return type != consent;
}

}   // namespace

policy::Action action_for(Permission permission) {
    switch (permission) {
        case Permission::create: return policy::Action::create;
        case Permission::update: return policy::Action::update;
        case Permission::remove: return policy::Action::remove;
        case Permission::read: return policy::Action::read;
        case Permission::search: break;
    }
    return policy::Action::search;
}

policy::Action HouseRules::action_of(Permission permission) const {
    return exporting_ && reads(permission) ? policy::Action::export_records : action_for(permission);
}

bool HouseRules::could(Permission permission, fhir::ResourceType type) {
    if (policy_ == nullptr || policy_->could(actor_, action_of(permission), type)) return true;
    return reads(permission) && !exporting_ && fhir::may_lie_in_chart(type) && !open_glass().empty();
}

bool HouseRules::may_always(Permission permission, fhir::ResourceType type) const {
    if (reads(permission) && fhir::may_lie_in_chart(type) && is_under_consent(type)) return false;
    return policy_ == nullptr || policy_->may_always(actor_, action_of(permission), type);
}

bool HouseRules::may(Permission permission, const RecordView& record) {
    if (!is_permitted(permission, record)) return false;
    if (!reads(permission) || !is_under_consent(record.type)) return true;
    // The privacy officer's rule; the order spares a look into the charts of all whom the trail is about.
    if (policy::tells_of_others(record.type) && has_rule(permission, record, policy::Naming::the_type))
        return true;
    return std::ranges::none_of(record.patients,
                                [&](const auto& patient) { return is_denied(patient, record); });
}

template <class T>
T HouseRules::known(Result<T> looked_up, const std::string& patient) {
    if (looked_up) return *std::move(looked_up);
    troubles_.try_emplace(patient, std::move(looked_up).error());
    return {};
}

bool HouseRules::has_rule(Permission permission, const RecordView& record, policy::Naming naming) {
    if (policy_ == nullptr) return false;
    const auto is_related = [&](const policy::Relation& relation, const std::string& patient) {
        const auto [at, is_new] = related_.try_emplace({&relation, patient}, false);
        if (is_new) at->second = known(charts_.is_related(relation, patient), patient);
        return at->second;
    };
    const std::vector<std::string> patients{record.patients.begin(), record.patients.end()};
    return policy_->rule_for(actor_, action_of(permission), record.type, patients, is_related, naming) !=
           nullptr;
}

bool HouseRules::is_permitted(Permission permission, const RecordView& record) {
    if (policy_ == nullptr || has_rule(permission, record, policy::Naming::anything)) return true;
    if (!reads(permission) || exporting_ || record.patients.empty()) return false;
    const auto is_broken = [&](const std::string& patient) { return is_broken_for(patient); };
    return policy::concerns_all(action_for(permission), record.type)
               ? std::ranges::all_of(record.patients, is_broken)
               : std::ranges::any_of(record.patients, is_broken);
}

bool HouseRules::is_denied(const std::string& patient, const RecordView& record) {
    if (actor_.fhir_user == "Patient/" + patient) return false;   // one's own chart
    const auto [at, is_new] = consents_.try_emplace(patient);
    if (is_new) at->second = known(charts_.consents(patient), patient);
    const auto& consents = at->second;
    const bool denied =
        !consents || policy::is_denied(*consents, {.fhir_user = actor_.fhir_user,
                                                   .client = actor_.client,
                                                   .purpose = actor_.purpose,
                                                   .action = exporting_ ? "disclose" : "access",
                                                   .type = record.type,
                                                   .id = record.resource["id"].text(),
                                                   .resource = record.resource,
                                                   .now = now_});
    return denied && (exporting_ || !is_broken_for(patient));
}

bool HouseRules::is_broken_for(const std::string& patient) {
    return std::ranges::find(open_glass(), patient) != open_glass().end();
}

const std::vector<std::string>& HouseRules::open_glass() {
    if (!open_glass_) open_glass_ = known(charts_.open_glass(), {});
    return *open_glass_;
}

}   // namespace ward::vault
