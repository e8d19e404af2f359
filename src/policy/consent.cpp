// SPDX-License-Identifier: Apache-2.0
#include "policy/consent.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "fhir/date.hpp"
#include "fhir/values.hpp"
#include "policy/policy.hpp"

namespace ward::policy {
namespace {

constexpr std::string_view resource_types_system = "http://hl7.org/fhir/resource-types";

/// Whether what a provision says of one thing holds. What Ward cannot tell counts for a denial and against a
/// permission.
enum class Holds : std::uint8_t { no, yes, unknown };

std::string reference_of(json::Value reference) {
    const auto parsed = fhir::parse_reference(reference["reference"].text());
    return parsed.type.empty() ? std::string{reference["reference"].text()} : parsed.type + "/" + parsed.id;
}

Coding coding_of(json::Value coding) {
    return {std::string{coding["system"].text()}, std::string{coding["code"].text()}};
}

std::optional<Time> time_of(json::Value date, bool is_end) {
    const auto interval = fhir::parse_date(date.text());
    if (!interval) return std::nullopt;
    return Time{std::chrono::milliseconds{is_end ? interval->upper + 1 : interval->lower}};
}

/// There, and no date.
bool is_garbled(json::Value date) { return date.exists() && !fhir::parse_date(date.text()); }

Ruling opposite_of(Ruling ruling) { return ruling == Ruling::permit ? Ruling::deny : Ruling::permit; }

class ConsentReader {
public:
    explicit ConsentReader(ConsentLimits limits) : limits_(limits) {}

    Provision read(json::Value from, Ruling otherwise, std::size_t depth) {
        Provision provision;
        const auto type = from["type"].text();
        provision.ruling = type == "permit" ? Ruling::permit : type == "deny" ? Ruling::deny : otherwise;
        if (++provisions_ > limits_.provisions_max || depth > limits_.depth_max) exceeded_ = true;
        if (exceeded_) return provision;
        const auto period = from["period"];
        provision.from = time_of(period["start"], false);
        provision.until = time_of(period["end"], true);
        for (const auto actor : from["actor"].items())
            provision.actors.push_back(reference_of(actor["reference"]));
        for (const auto action : from["action"].items())
            for (const auto coding : action["coding"].items())
                provision.actions.emplace_back(coding["code"].text());
        for (const auto purpose : from["purpose"].items())
            provision.purposes.emplace_back(purpose["code"].text());
        for (const auto label : from["securityLabel"].items()) provision.labels.push_back(coding_of(label));
        for (const auto one : from["class"].items()) provision.classes.push_back(coding_of(one));
        for (const auto code : from["code"].items())
            for (const auto coding : code["coding"].items()) provision.codes.push_back(coding_of(coding));
        for (const auto data : from["data"].items())
            provision.records.push_back(reference_of(data["reference"]));
        provision.says_more = is_garbled(period["start"]) || is_garbled(period["end"]) ||
                              from["dataPeriod"].exists() || from["modifierExtension"].exists();
        for (const auto exception : from["provision"].items())
            provision.exceptions.push_back(read(exception, opposite_of(provision.ruling), depth + 1));
        return provision;
    }

    bool exceeded() const { return exceeded_; }

private:
    ConsentLimits limits_;
    std::size_t provisions_ = 0;
    bool exceeded_ = false;
};

bool same(const Coding& wanted, json::Value coding) {
    return wanted.code == coding["code"].text() &&
           (wanted.system.empty() || wanted.system == coding["system"].text());
}

bool has_coding(json::Value concepts, const Coding& wanted);

/// A CodeableConcept, a Coding, or an array of either.
bool is_coded(json::Value value, const Coding& wanted) {
    if (value.is_array()) return has_coding(value, wanted);
    if (value["coding"].exists()) return has_coding(value["coding"], wanted);
    return same(wanted, value);
}

bool has_coding(json::Value concepts, const Coding& wanted) {
    for (const auto one : concepts.items())
        if (is_coded(one, wanted)) return true;
    return false;
}

/// Where resources say what they are about.
bool is_about(json::Value resource, const Coding& wanted) {
    constexpr auto elements = std::to_array<std::string_view>(
        {"code", "category", "type", "class", "medicationCodeableConcept", "vaccineCode", "serviceType"});
    for (const auto name : elements)
        if (is_coded(resource[name], wanted)) return true;
    for (const auto component : resource["component"].items())
        if (is_coded(component["code"], wanted)) return true;
    return false;
}

template <class List, class Test>
Holds any(const List& list, const Test& test) {
    if (list.empty()) return Holds::yes;
    auto result = Holds::no;
    for (const auto& one : list) {
        const auto held = test(one);
        if (held == Holds::yes) return Holds::yes;
        if (held == Holds::unknown) result = Holds::unknown;
    }
    return result;
}

Holds sure(bool yes) { return yes ? Holds::yes : Holds::no; }

/// Who does not say who they are, or why they ask, may be whom and what a provision names.
Holds no_if_known(std::string_view said) { return said.empty() ? Holds::unknown : Holds::no; }

// People and devices have references that a caller can be compared with. An Organization, a CareTeam or a
// Group has members that Ward does not know.
Holds is_actor(const std::string& actor, const ConsentQuestion& question) {
    if (actor == question.fhir_user || (actor.starts_with("Device/") && actor.substr(7) == question.client))
        return Holds::yes;
    if (actor.starts_with("Device/")) return no_if_known(question.client);
    for (const auto* person : {"Practitioner/", "Patient/", "RelatedPerson/"})
        if (actor.starts_with(person)) return no_if_known(question.fhir_user);
    return Holds::unknown;
}

Holds is_purpose_of(const std::string& purpose, const ConsentQuestion& question) {
    return purpose == question.purpose ? Holds::yes : no_if_known(question.purpose);
}

Holds is_action(const std::string& action, const ConsentQuestion& question) {
    return sure(action == question.action || (action == "use" && question.action == "access"));
}

/// Of what a provision says of data. What tells of other records may tell of such.
Holds of_record(bool yes, const ConsentQuestion& question) {
    return !yes && tells_of_others(question.type) ? Holds::unknown : sure(yes);
}

bool is_in_class(const Coding& wanted, const ConsentQuestion& question) {
    if (wanted.system == resource_types_system) return wanted.code == fhir::name_of(question.type);
    return is_about(question.resource, wanted);
}

Holds holds(const Provision& provision, const ConsentQuestion& question) {
    if ((provision.from && question.now < *provision.from) ||
        (provision.until && question.now >= *provision.until))
        return Holds::no;
    const auto itself = fmt::format("{}/{}", fhir::name_of(question.type), question.id);
    const auto parts = {
        any(provision.actors, [&](const auto& one) { return is_actor(one, question); }),
        any(provision.actions, [&](const auto& one) { return is_action(one, question); }),
        any(provision.purposes, [&](const auto& one) { return is_purpose_of(one, question); }),
        any(provision.labels,
            [&](const auto& one) {
                return of_record(is_coded(question.resource["meta"]["security"], one), question);
            }),
        any(provision.classes,
            [&](const auto& one) { return of_record(is_in_class(one, question), question); }),
        any(provision.codes,
            [&](const auto& one) { return of_record(is_about(question.resource, one), question); }),
        any(provision.records, [&](const auto& one) { return of_record(one == itself, question); }),
        provision.says_more ? Holds::unknown : Holds::yes,
    };
    if (std::ranges::find(parts, Holds::no) != parts.end()) return Holds::no;
    return std::ranges::find(parts, Holds::unknown) == parts.end() ? Holds::yes : Holds::unknown;
}

std::optional<Ruling> decide(const Provision& provision, const ConsentQuestion& question) {
    const auto held = holds(provision, question);
    if (held == Holds::no) return std::nullopt;
    auto ruling = provision.ruling;
    for (const auto& one : provision.exceptions) {
        const auto exception = decide(one, question);
        if (exception == Ruling::deny) return exception;
        if (exception) ruling = *exception;
    }
    if (held == Holds::unknown && ruling == Ruling::permit) return std::nullopt;
    return ruling;
}

bool is_about_privacy(json::Value scope) {
    for (const auto coding : scope["coding"].items())
        if (coding["code"].text() == "patient-privacy") return true;
    return false;
}

/// R4 puts the rule for what no provision names into policyRule.
std::optional<Ruling> overall(json::Value resource) {
    std::optional<Ruling> base;
    for (const auto coding : resource["policyRule"]["coding"].items()) {
        if (coding["code"].text() == "OPTOUT") return Ruling::deny;
        if (coding["code"].text() == "OPTIN") base = Ruling::permit;
    }
    return base;
}

bool names_something(json::Value provision) {
    constexpr auto elements = std::to_array<std::string_view>(
        {"actor", "action", "purpose", "securityLabel", "class", "code", "data"});
    return std::ranges::any_of(elements, [&](auto name) { return provision[name].exists(); });
}

/// The ruling of a root that has no type, as R4 wants it: the exception to the base. Not where it only frames
/// what is nested in it, which would be an exception to itself; and nobody permits everything by naming
/// nothing.
Ruling ruling_of_root(json::Value root, std::optional<Ruling> base) {
    if (!base) return Ruling::deny;
    const auto exception = opposite_of(*base);
    for (const auto nested : root["provision"].items())
        if (nested["type"].text() == (exception == Ruling::permit ? "permit" : "deny")) return *base;
    return exception == Ruling::permit && !names_something(root) ? *base : exception;
}

}   // namespace

std::optional<Consent> read_consent(json::Value resource, ConsentLimits limits) {
    if (resource["status"].text() != "active" || !is_about_privacy(resource["scope"])) return std::nullopt;
    const auto root = resource["provision"];
    Consent consent{overall(resource), {}};
    ConsentReader reader{limits};
    if (root.exists()) consent.root = reader.read(root, ruling_of_root(root, consent.base), 0);
    // Without a base, a denial is of what it names, and a permission of nothing else.
    if (!consent.base && root["type"].text() != "deny") consent.base = Ruling::deny;
    if (reader.exceeded() || resource["modifierExtension"].exists()) return Consent{Ruling::deny, {}};
    return consent;
}

std::optional<Ruling> decide(const Consent& consent, const ConsentQuestion& question) {
    const auto exception = consent.root ? decide(*consent.root, question) : std::nullopt;
    return exception ? exception : consent.base;
}

bool is_denied(const std::vector<Consent>& consents, const ConsentQuestion& question) {
    return std::ranges::any_of(
        consents, [&](const Consent& consent) { return decide(consent, question) == Ruling::deny; });
}

}   // namespace ward::policy
