// SPDX-License-Identifier: Apache-2.0
#include "vault/sight.hpp"

#include <algorithm>
#include <array>

#include "fhir/match.hpp"

namespace ward::vault {
namespace {

// Types that say nothing of patients. SMART App Launch 2.2, "Scopes for requesting FHIR Resources", leaves
// what a patient scope gives outside the compartment to the server: Ward gives these, to read, where a scope
// names one.
constexpr auto directory = std::to_array<std::string_view>(
    {"CodeSystem", "Endpoint", "HealthcareService", "Location", "Medication", "Organization", "Practitioner",
     "PractitionerRole", "Questionnaire", "Substance", "ValueSet"});

bool is_in_directory(std::string_view type) { return std::ranges::binary_search(directory, type); }

bool reads(Permission permission) {
    return permission == Permission::read || permission == Permission::search;
}

/// What a patient scope can ever be about.
bool has_patient_side(const Scope& scope, Permission permission, fhir::ResourceType type) {
    if (fhir::may_lie_in_chart(type)) return true;
    return reads(permission) && scope.resource_type != "*" && is_in_directory(scope.resource_type);
}

}   // namespace

bool Sight::has_scope(Permission permission, fhir::ResourceType type) const {
    return std::ranges::any_of(scopes_, [&](const Scope& scope) {
        if (!gives(scope, fhir::name_of(type), permission)) return false;
        return scope.reach != Reach::patient ||
               (!patient_.empty() && has_patient_side(scope, permission, type));
    });
}

bool Sight::may_ever(Permission permission, fhir::ResourceType type) const {
    return has_scope(permission, type) && (rules_ == nullptr || rules_->could(permission, type));
}

bool Sight::covers(const Scope& scope, Permission permission, const RecordView& record) const {
    if (!gives(scope, fhir::name_of(record.type), permission)) return false;
    if (scope.reach == Reach::patient) {
        if (patient_.empty() || !has_patient_side(scope, permission, record.type)) return false;
        if (fhir::may_lie_in_chart(record.type) && !is_of_patient(permission, record)) return false;
    }
    // A tombstone has nothing that a restriction could hold of.
    return !scope.only || (record.resource.exists() && fhir::matches(*scope.only, record.resource, Time{}));
}

bool Sight::is_of_patient(Permission permission, const RecordView& record) const {
    const auto is_theirs = [this](const std::string& one) { return one == patient_; };
    if (!record.patients.empty() && policy::concerns_all(action_for(permission), record.type))
        return std::ranges::all_of(record.patients, is_theirs);
    return std::ranges::any_of(record.patients, is_theirs);
}

bool Sight::is_in_scope(Permission permission, const RecordView& record) const {
    return std::ranges::any_of(scopes_,
                               [&](const Scope& scope) { return covers(scope, permission, record); });
}

bool Sight::may(Permission permission, const RecordView& record) const {
    return is_in_scope(permission, record) && (rules_ == nullptr || rules_->may(permission, record));
}

bool Sight::may_use(Permission permission, const RecordView& record) const {
    return is_in_scope(permission, record) && (rules_ == nullptr || rules_->is_permitted(permission, record));
}

Result<bool> Sight::may(Permission permission, fhir::ResourceType type, const Body& body) const {
    if (is_unlimited(permission, type)) return true;
    if (body.json.reveal().empty()) return may(permission, {type, {}, body.patients});
    const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
    const auto document = TRY(json::Document::parse(body.json.reveal(), limits));
    return may(permission, {type, document.root(), body.patients});
}

bool Sight::is_unlimited(Permission permission, fhir::ResourceType type) const {
    const bool in_scope = std::ranges::any_of(scopes_, [&](const Scope& scope) {
        return scope.reach != Reach::patient && !scope.only && gives(scope, fhir::name_of(type), permission);
    });
    return in_scope && (rules_ == nullptr || rules_->may_always(permission, type));
}

std::string Sight::only_patient(fhir::ResourceType type) const {
    if (!fhir::in_patient_compartment(type)) return {};
    const bool is_wider = std::ranges::any_of(scopes_, [&](const Scope& scope) {
        return scope.reach != Reach::patient && (gives(scope, fhir::name_of(type), Permission::read) ||
                                                 gives(scope, fhir::name_of(type), Permission::search));
    });
    return is_wider ? std::string{} : patient_;
}

Sight Sight::for_export() const {
    auto exporting = *this;
    std::erase_if(exporting.scopes_, [](const Scope& scope) { return scope.reach != Reach::system; });
    if (rules_ != nullptr) exporting.rules_ = std::make_shared<HouseRules>(rules_->for_export());
    return exporting;
}

std::optional<Error> Sight::trouble() const {
    if (rules_ == nullptr) return std::nullopt;
    const bool has_one_chart = std::ranges::all_of(scopes_, [](const Scope& scope) {
        const auto type = fhir::resource_type(scope.resource_type);
        return scope.reach == Reach::patient || (type && !fhir::may_lie_in_chart(*type));
    });
    for (const auto& [patient, error] : rules_->troubles()) {
        const bool is_foreign = has_one_chart && !patient.empty() && patient != patient_;
        if (!is_foreign || error.code != Errc::limit_exceeded) return error;
    }
    return std::nullopt;
}

std::string Sight::fingerprint() const {
    auto text = patient_;
    for (const auto& scope : scopes_) text += '\n' + scope.text;
    if (rules_ == nullptr) return text;
    const auto& actor = rules_->actor();
    for (const auto& role : actor.roles) text += "\nrole " + role;
    return text + "\nas " + actor.fhir_user + "\nfor " + actor.purpose;
}

}   // namespace ward::vault
