// SPDX-License-Identifier: Apache-2.0
// Who may do what to whom, for which purpose: a file that people write and read. docs/formats/policy.md.
// Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/form.hpp"
#include "core/function_ref.hpp"
#include "core/result.hpp"
#include "fhir/resource_types.hpp"

namespace ward::policy {

enum class Action : std::uint8_t {
    read = 1,
    search = 2,
    create = 4,
    update = 8,
    remove = 16,
    export_records = 32
};

enum class Whom : std::uint8_t { any_patient, no_patient, themselves, related };

/// To whom a statement is about.
struct Subject {
    enum class Kind : std::uint8_t { anyone, role, user, client };
    Kind kind = Kind::anyone;
    std::string name;
};

struct Rule {
    Subject subject;
    std::uint8_t actions = 0;
    std::vector<fhir::ResourceType> types;   // none: every type
    Whom whom = Whom::any_patient;
    std::string relation;                // if related
    std::vector<std::string> purposes;   // none: any, or none stated
    std::size_t line = 0;
    std::string text;   // the line
};

/// A search within a patient's chart: if it finds something, the relation is there. The value `{me}` is the
/// user as charts name them.
struct Relation {
    std::string name;
    fhir::ResourceType type{};
    std::vector<FormField> criteria;
};

/// The criteria with the user in the place of `{me}`.
std::vector<FormField> criteria_of(const Relation& relation, std::string_view user);

/// May open one patient's chart against the rules and consents, and answers for it afterwards.
struct GlassRule {
    Subject subject;
    std::vector<std::string> purposes;
    std::chrono::minutes lasts{};
    std::chrono::hours review_within{};
    std::string text;
};

constexpr std::chrono::minutes glass_lasts_max = std::chrono::hours{24};

struct ReviewRule {
    Subject subject;
    std::string text;
};

/// Who asks, and why.
struct Actor {
    std::string user;
    std::string client;
    std::string fhir_user;   // "Practitioner/d1"
    std::string patient;     // of the token
    std::vector<std::string> roles;
    std::string purpose;
};

struct Limits {
    std::size_t text_bytes_max = 256 * 1024;
    std::size_t statements_max = 5'000;
    std::size_t list_max = 200;   // of one statement
};

/// Of rules: all, or those that name the type rather than `everything`.
enum class Naming : std::uint8_t { anything, the_type };

/// A default-made Policy permits nothing. Immutable; callable from several threads.
class Policy {
public:
    /// The error names the line, and what would be understood there.
    static Result<Policy> parse(std::string_view text, Limits limits = {});

    /// Whether there could be a record of this type with which the actor may do this.
    bool could(const Actor& actor, Action action, fhir::ResourceType type) const;

    /// Whether the actor may, whoever's record it is.
    bool may_always(const Actor& actor, Action action, fhir::ResourceType type) const;

    /// Asked only where a rule needs to know: whether the actor stands in this relation to this patient.
    using IsRelated = FunctionRef<bool(const Relation& relation, const std::string& patient)>;

    /// The rule by which the actor may do this with a record of these patients; null if there is none.
    const Rule* rule_for(const Actor& actor, Action action, fhir::ResourceType type,
                         const std::vector<std::string>& patients, IsRelated is_related,
                         Naming naming = Naming::anything) const;

    /// The rules that speak of it, whoever's record it is: what rule_for() chooses from.
    std::vector<const Rule*> rules_about(const Actor& actor, Action action, fhir::ResourceType type) const;

    const GlassRule* glass_rule_for(const Actor& actor, std::string_view purpose) const;
    bool may_review(const Actor& actor) const;

    const std::vector<Rule>& rules() const { return rules_; }
    const std::vector<Relation>& relations() const { return relations_; }
    const std::vector<GlassRule>& glass_rules() const { return glass_rules_; }

private:
    friend class Reader;

    std::vector<Rule> rules_;
    std::vector<Relation> relations_;
    std::vector<GlassRule> glass_rules_;
    std::vector<ReviewRule> review_rules_;
};

/// What lies in several charts is seen from each of them, but for an entry of the audit trail, which would
/// tell of the other patients what was looked for; and it is written by who may write into all of them.
bool concerns_all(Action action, fhir::ResourceType type);

/// AuditEvent and Provenance: what they say is of other records, down to that those exist.
bool tells_of_others(fhir::ResourceType type);

/// A code of HL7's v3 PurposeOfUse that Ward knows.
bool is_purpose(std::string_view code);

std::optional<Action> action_named(std::string_view name);

}   // namespace ward::policy
