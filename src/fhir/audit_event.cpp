// SPDX-License-Identifier: Apache-2.0
#include "fhir/audit_event.hpp"

#include <array>

#include "core/bytes.hpp"
#include "json/writer.hpp"

namespace ward::fhir {

namespace {

// Who is the source and who the destination differs between BALP's patterns.
enum class Roles : std::uint8_t { read, written, removed };

/// What one interaction's events have in common. `profile` is a BALP profile without its "Patient" prefix.
struct Pattern {
    std::string_view code;
    AuditAction action;
    Roles roles;
    std::string_view profile;
};

// In the order of Interaction.
constexpr std::array<Pattern, 18> patterns{{
    {"read", AuditAction::read, Roles::read, "Read"},
    {"vread", AuditAction::read, Roles::read, "Read"},
    {"update", AuditAction::update, Roles::written, "Update"},
    {"patch", AuditAction::update, Roles::written, "Update"},
    {"delete", AuditAction::remove, Roles::removed, "Delete"},
    {"create", AuditAction::create, Roles::written, "Create"},
    {"history-instance", AuditAction::read, Roles::read, ""},
    {"history-type", AuditAction::read, Roles::read, ""},
    {"search-type", AuditAction::execute, Roles::written, "Query"},
    {"search-system", AuditAction::execute, Roles::written, "Query"},
    {"operation", AuditAction::execute, Roles::written, ""},
    {"batch", AuditAction::execute, Roles::written, ""},
    {"transaction", AuditAction::execute, Roles::written, ""},
    {"capabilities", AuditAction::read, Roles::read, ""},
    {"token", AuditAction::execute, Roles::removed, ""},
    {"detach", AuditAction::execute, Roles::written, ""},
    {"attach", AuditAction::execute, Roles::written, ""},
    {"other", AuditAction::execute, Roles::written, ""},
}};

const Pattern& pattern_of(Interaction interaction) {
    return patterns.at(static_cast<std::size_t>(interaction));
}

bool is_search(Interaction interaction) {
    return interaction == Interaction::search_type || interaction == Interaction::search_system;
}

/// Writes the parts of one event. The fixed parts are spelled out as JSON: this runs once for each request.
class AuditWriter {
public:
    AuditWriter(const AuditFactsView& facts, std::string& out)
        : facts_(facts),
          pattern_(pattern_of(facts.interaction)),
          instant_(to_instant(facts.time)),
          out_(out) {}

    void write() {
        out_ += R"({"resourceType":"AuditEvent")";
        member(",\"id\":", facts_.id);
        meta();
        kind();
        out_ += R"(,"action":")";
        out_ += static_cast<char>(pattern_.action);
        out_ += R"(","recorded":")";
        out_ += instant_;
        out_ += R"(","outcome":")";
        out_ += std::to_string(static_cast<int>(facts_.outcome));
        out_ += '"';
        member(",\"outcomeDesc\":", facts_.outcome_description);
        out_ += R"(,"agent":[)";
        client();
        server();
        user();
        out_ += R"(],"source":{)";
        if (!facts_.source_site.empty()) {
            member("\"site\":", facts_.source_site);
            out_ += ',';
        }
        out_ += R"("observer":{"display":"Ward"},"type":[{"system":)"
                R"("http://terminology.hl7.org/CodeSystem/security-source-type","code":"4"}]})";
        entities();
        out_ += '}';
    }

private:
    // `name` brings its own comma and colon.
    void member(std::string_view name, std::string_view text) {
        if (text.empty()) return;
        out_ += name;
        json::append_string(out_, text);
    }

    // The profiles hold for what succeeded, about one patient or none; for a resource, exactly that one.
    bool follows_profile() const {
        const bool subject =
            is_search(facts_.interaction) ? !facts_.query.empty() : facts_.entities.size() == 1;
        return !pattern_.profile.empty() && facts_.outcome == AuditOutcome::success && subject &&
               facts_.patients.size() <= 1 && !facts_.client_address.empty() && !facts_.server_url.empty();
    }

    void meta() {
        const bool profile = follows_profile();
        if (!profile && facts_.version_id.empty()) return;
        out_ += R"(,"meta":{)";
        if (!facts_.version_id.empty()) {
            member("\"versionId\":", facts_.version_id);
            out_ += R"(,"lastUpdated":")";
            out_ += instant_;
            out_ += '"';
        }
        if (profile) {
            if (!facts_.version_id.empty()) out_ += ',';
            out_ += R"("profile":["https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.)";
            if (!facts_.patients.empty()) out_ += "Patient";
            out_ += pattern_.profile;
            out_ += "\"]";
        }
        out_ += '}';
    }

    void kind() {
        if (facts_.interaction == Interaction::token) {
            out_ += R"(,"type":{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"110114",)"
                    R"("display":"User Authentication"},"subtype":[{"system":)"
                    R"("http://dicom.nema.org/resources/ontology/DCM","code":"110122","display":"Login"}])";
            return;
        }
        if (facts_.interaction == Interaction::detach || facts_.interaction == Interaction::attach) {
            out_ += R"(,"type":{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"110108",)"
                    R"("display":"Network Entry"},"subtype":[{"system":)"
                    R"("http://dicom.nema.org/resources/ontology/DCM","code":)";
            out_ += facts_.interaction == Interaction::detach ? R"("110125","display":"Detach"}])"
                                                              : R"("110124","display":"Attach"}])";
            return;
        }
        out_ += R"(,"type":{"system":"http://terminology.hl7.org/CodeSystem/audit-event-type",)"
                R"("code":"rest","display":"Restful Operation"})";
        if (facts_.interaction == Interaction::other) return;
        out_ += R"(,"subtype":[{"system":"http://hl7.org/fhir/restful-interaction","code":")";
        out_ += pattern_.code;
        out_ += R"("}])";
    }

    void agent_role(std::string_view dicom_code) {
        out_ += R"({"type":{"coding":[{"system":"http://dicom.nema.org/resources/ontology/DCM","code":")";
        out_ += dicom_code;
        out_ += R"("}]})";
    }

    void client() {
        agent_role(pattern_.roles == Roles::read      ? "110152"     // destination
                   : pattern_.roles == Roles::written ? "110153"     // source
                                                      : "110150");   // application
        if (!facts_.client_id.empty()) {
            member(R"(,"who":{"identifier":{"value":)", facts_.client_id);
            out_ += "}}";
        } else {
            out_ += R"(,"who":{"display":"unknown"})";
        }
        out_ += facts_.user_id.empty() ? R"(,"requestor":true)" : R"(,"requestor":false)";
        if (!facts_.client_address.empty()) {
            member(R"(,"network":{"address":)", facts_.client_address);
            out_ += R"(,"type":"2"})";
        }
        out_ += '}';
    }

    void server() {
        out_ += ',';
        if (pattern_.roles == Roles::removed)
            out_ += R"({"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/)"
                    R"(provenance-participant-type","code":"custodian"}]})";
        else
            agent_role(pattern_.roles == Roles::read ? "110153" : "110152");
        out_ += R"(,"who":{"display":"Ward"},"requestor":false)";
        if (!facts_.server_url.empty()) {
            member(R"(,"network":{"address":)", facts_.server_url);
            out_ += R"(,"type":"5"})";
        }
        out_ += '}';
    }

    void user() {
        if (facts_.user_id.empty()) return;
        const bool gives = pattern_.roles != Roles::read && !is_search(facts_.interaction);
        out_ += R"(,{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/)"
                R"(v3-ParticipationType","code":")";
        out_ += gives ? "AUT" : "IRCP";
        out_ += R"("}]})";
        member(R"(,"who":{"identifier":{"value":)", facts_.user_id);
        out_ += "}}";
        member(R"(,"name":)", facts_.user_name);
        out_ += R"(,"requestor":true)";
        if (!facts_.purpose.empty()) {
            member(R"(,"purposeOfUse":[{"coding":[{"system":)"
                   R"("http://terminology.hl7.org/CodeSystem/v3-ActReason","code":)",
                   facts_.purpose);
            out_ += "}]}]";
        }
        out_ += '}';
    }

    void entities() {
        if (facts_.patients.empty() && facts_.entities.empty() && facts_.query.empty() &&
            facts_.request_id.empty())
            return;
        out_ += R"(,"entity":[)";
        for (const auto id : facts_.patients) patient(id);
        for (const auto reference : facts_.entities) resource(reference);
        if (!facts_.query.empty()) {
            begin_entity();
            out_ +=
                R"("type":{"system":"http://terminology.hl7.org/CodeSystem/audit-entity-type","code":"2"},)"
                R"("role":{"system":"http://terminology.hl7.org/CodeSystem/object-role","code":"24"},)"
                R"("query":")";
            out_ += to_base64(as_bytes(facts_.query));
            out_ += "\"}";
        }
        if (!facts_.request_id.empty()) {
            begin_entity();
            out_ += R"("type":{"system":"https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",)"
                    R"("code":"XrequestId"},"what":{"identifier":{"value":)";
            json::append_string(out_, facts_.request_id);
            out_ += "}}}";
        }
        out_ += ']';
    }

    void begin_entity() { out_ += out_.back() == '[' ? "{" : ",{"; }

    void patient(std::string_view id) {
        begin_entity();
        out_ += R"("type":{"system":"http://terminology.hl7.org/CodeSystem/audit-entity-type","code":"1"},)"
                R"("role":{"system":"http://terminology.hl7.org/CodeSystem/object-role","code":"1"},)"
                R"("what":{"reference":)";
        json::append_string(out_, "Patient/" + std::string{id});
        out_ += "}}";
    }

    // BALP's one data entity has the type "System Object"; its Query pattern keeps that for the query itself,
    // so what a search returned is told by resource type, which AuditEvent.entity.type takes as well.
    void resource(std::string_view reference) {
        begin_entity();
        if (is_search(facts_.interaction) || facts_.entities.size() > 1) {
            out_ += R"("type":{"system":"http://hl7.org/fhir/resource-types","code":)";
            json::append_string(out_, reference.substr(0, reference.find('/')));
            out_ += '}';
        } else {
            out_ +=
                R"("type":{"system":"http://terminology.hl7.org/CodeSystem/audit-entity-type","code":"2"})";
        }
        out_ += R"(,"role":{"system":"http://terminology.hl7.org/CodeSystem/object-role","code":"4"},)"
                R"("what":{"reference":)";
        json::append_string(out_, reference);
        out_ += "}}";
    }

    const AuditFactsView& facts_;
    const Pattern& pattern_;
    const std::string instant_;
    std::string& out_;
};

}   // namespace

std::string_view code_of(Interaction interaction) { return pattern_of(interaction).code; }
AuditAction action_of(Interaction interaction) { return pattern_of(interaction).action; }

void write_audit_event(const AuditFactsView& facts, std::string& out) {
    constexpr std::size_t usual_bytes = 2048;
    out.reserve(out.size() + usual_bytes + facts.entities.size() * 256);
    AuditWriter{facts, out}.write();
}

}   // namespace ward::fhir
