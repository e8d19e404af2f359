// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.hpp"

#include <algorithm>
#include <array>

namespace ward::policy {
namespace {

// http://terminology.hl7.org/ValueSet/v3-PurposeOfUse, those for which hospitals open charts.
constexpr auto purposes = std::to_array<std::string_view>(
    {"BTG",     "CAREMGT",   "CLINTRCH", "CLINTRL", "COVERAGE", "DONAT",    "ETREAT",  "FAMRQT",
     "FRAUD",   "GOV",       "HACCRED",  "HCOMPL",  "HDECD",    "HDIRECT",  "HDM",     "HLEGAL",
     "HMARKT",  "HOPERAT",   "HOUTCOMS", "HPAYMT",  "HPRGRP",   "HQUALIMP", "HRESCH",  "HSYSADMIN",
     "HTEST",   "METAMGT",   "PATADMIN", "PATRQT",  "PATSFTY",  "PERFMSR",  "POPHLTH", "PUBHLTH",
     "PWATRNY", "RECORDMGT", "REMITADV", "SUPNWK",  "SYSADMIN", "THREAT",   "TRAIN",   "TREAT"});

bool is(const Subject& subject, const Actor& actor) {
    switch (subject.kind) {
        case Subject::Kind::anyone: return true;
        case Subject::Kind::user: return subject.name == actor.user;
        case Subject::Kind::client: return subject.name == actor.client;
        case Subject::Kind::role: return std::ranges::find(actor.roles, subject.name) != actor.roles.end();
    }
    return false;
}

bool has(const std::vector<std::string>& list, std::string_view one) {
    return std::ranges::find(list, one) != list.end();
}

bool applies(const Rule& rule, const Actor& actor, Action action, fhir::ResourceType type) {
    return (rule.actions & static_cast<std::uint8_t>(action)) != 0 && is(rule.subject, actor) &&
           (rule.types.empty() || std::ranges::find(rule.types, type) != rule.types.end()) &&
           (rule.purposes.empty() || has(rule.purposes, actor.purpose));
}

// In a clinician's token `patient` is the chart that is open, not who asks.
bool is_self(const Actor& actor, const std::string& patient) {
    if (actor.fhir_user == "Patient/" + patient) return true;
    return patient == actor.patient && (actor.fhir_user.empty() || actor.fhir_user.starts_with("Patient/") ||
                                        actor.fhir_user.starts_with("RelatedPerson/"));
}

}   // namespace

bool concerns_all(Action action, fhir::ResourceType type) {
    const bool reads = action == Action::read || action == Action::search || action == Action::export_records;
    return !reads || type == fhir::ResourceType::audit_event;
}

bool tells_of_others(fhir::ResourceType type) {
    static const auto provenance = *fhir::resource_type("Provenance");
    return type == fhir::ResourceType::audit_event || type == provenance;
}

bool is_purpose(std::string_view code) { return std::ranges::binary_search(purposes, code); }

std::optional<Action> action_named(std::string_view name) {
    if (name == "read") return Action::read;
    if (name == "search") return Action::search;
    if (name == "create") return Action::create;
    if (name == "update") return Action::update;
    if (name == "delete") return Action::remove;
    if (name == "export") return Action::export_records;
    return std::nullopt;
}

bool Policy::could(const Actor& actor, Action action, fhir::ResourceType type) const {
    return std::ranges::any_of(rules_, [&](const Rule& rule) { return applies(rule, actor, action, type); });
}

bool Policy::may_always(const Actor& actor, Action action, fhir::ResourceType type) const {
    const auto of = [&](Whom whom) {
        return std::ranges::any_of(rules_, [&](const Rule& rule) {
            return rule.whom == whom && applies(rule, actor, action, type);
        });
    };
    // A type of the compartment may have records that are in none.
    return of(Whom::no_patient) && (!fhir::may_lie_in_chart(type) || of(Whom::any_patient));
}

const Rule* Policy::rule_for(const Actor& actor, Action action, fhir::ResourceType type,
                             const std::vector<std::string>& patients, IsRelated is_related,
                             Naming naming) const {
    const auto stands = [&](const Rule& rule, const std::string& patient) {
        return std::ranges::any_of(relations_, [&](const Relation& relation) {
            return relation.name == rule.relation && is_related(relation, patient);
        });
    };
    const auto is_theirs = [&](const Rule& rule, const std::string& patient) {
        return rule.whom == Whom::themselves ? is_self(actor, patient) : stands(rule, patient);
    };
    const auto holds = [&](const Rule& rule) {
        if (!applies(rule, actor, action, type)) return false;
        if (naming == Naming::the_type && rule.types.empty()) return false;
        if (rule.whom == Whom::any_patient) return !patients.empty();
        if (rule.whom == Whom::no_patient || patients.empty())
            return rule.whom == Whom::no_patient && patients.empty();
        const auto holds_of = [&](const std::string& patient) { return is_theirs(rule, patient); };
        return concerns_all(action, type) ? std::ranges::all_of(patients, holds_of)
                                          : std::ranges::any_of(patients, holds_of);
    };
    // Those that need no look into a chart come first.
    for (const bool looks : {false, true})
        for (const auto& rule : rules_)
            if ((rule.whom == Whom::related) == looks && holds(rule)) return &rule;
    return nullptr;
}

std::vector<const Rule*> Policy::rules_about(const Actor& actor, Action action,
                                             fhir::ResourceType type) const {
    std::vector<const Rule*> rules;
    for (const auto& rule : rules_)
        if (applies(rule, actor, action, type)) rules.push_back(&rule);
    return rules;
}

const GlassRule* Policy::glass_rule_for(const Actor& actor, std::string_view purpose) const {
    const auto found = std::ranges::find_if(glass_rules_, [&](const GlassRule& rule) {
        return is(rule.subject, actor) && has(rule.purposes, purpose);
    });
    return found == glass_rules_.end() ? nullptr : &*found;
}

bool Policy::may_review(const Actor& actor) const {
    return std::ranges::any_of(review_rules_,
                               [&](const ReviewRule& rule) { return is(rule.subject, actor); });
}

}   // namespace ward::policy
