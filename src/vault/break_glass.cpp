// SPDX-License-Identifier: Apache-2.0
#include "vault/break_glass.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>

#include "core/log.hpp"
#include "core/utf8.hpp"
#include "json/writer.hpp"
#include "vault/tokens.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::GlassEvent;
using fhir::GlassReview;
using fhir::IssueType;

constexpr std::int64_t glass_rows_max = 1'000'000;

enum class Next : std::uint8_t { open, pass, stop };

OwnerId all_glass(Vault& vault) { return vault.sealer().pseudonyms().owner_without_patient("broken glass"); }
OwnerId glass_of(Vault& vault, std::string_view user) {
    return vault.sealer().pseudonyms().owner_without_patient(fmt::format("broken glass of {}", user));
}

/// Parameters.parameter of that name: a code or a string.
std::string_view parameter(json::Value parameters, std::string_view name) {
    for (const auto one : parameters["parameter"].items()) {
        if (one["name"].text() != name) continue;
        return one["valueCode"].exists() ? one["valueCode"].text() : one["valueString"].text();
    }
    return {};
}

/// What is found under it needs nobody's look any more: an event that was reviewed, and the review.
OwnerId done_with(Vault& vault, const RecordId& record) {
    return vault.sealer().pseudonyms().owner_without_patient(
        fmt::format("broken glass is done with {}", to_hex(record.value)));
}

RecordId record_of(Vault& vault, std::string_view event) {
    return vault.sealer().pseudonyms().record(fhir::number_of(fhir::ResourceType::audit_event), event);
}

Result<json::Document> open_event(Vault& vault, const StoredVersion& row) {
    const auto body = TRY(vault.sealer().open(row));
    return json::Document::parse(body.json.reveal());
}

/// Calls `see` with what the trail has under this topic, newest first, as long as `goes_on` says of the row.
template <class GoesOn, class See>
Result<> look_through(Vault& vault, const OwnerId& topic, const GoesOn& goes_on, const See& see) {
    const auto reader = TRY(vault.readers().take());
    const Records records{*reader};
    const auto seqs = TRY(records.with_token(audit_token(vault.sealer().facility(), topic), glass_rows_max));
    if (seqs.size() > static_cast<std::size_t>(glass_rows_max))
        return fail(Errc::limit_exceeded, "more broken glass than can be looked through");
    for (const auto seq : seqs | std::views::reverse) {
        const auto row = TRY(records.at(seq));
        if (!row) return fail(Errc::corrupt, "the index names a row that is gone");
        const auto next = TRY(goes_on(records, *row));
        if (next == Next::stop) break;
        if (next == Next::pass) continue;
        const auto document = TRY(open_event(vault, *row));
        see(document.root());
    }
    return {};
}

const HouseRules* rules_of(const Caller& caller) {
    const auto* rules = caller.sight.rules();
    return rules != nullptr && rules->policy() != nullptr ? rules : nullptr;
}

Checked<std::string> reason_in(json::Value parameters) {
    const GlassLimits limits;
    const auto reason = parameter(parameters, "reason");
    if (reason.size() < limits.reason_bytes_min || reason.size() > limits.reason_bytes_max)
        return fhir::refuse(IssueType::required, "a reason is needed, in a sentence", "reason");
    if (!is_printable(reason))
        return fhir::refuse(IssueType::value, "a reason is one line without control characters", "reason");
    return std::string{reason};
}

Reply made(Vault& vault, std::string_view id, std::string json, NewVersion change) {
    Reply reply{201, {}, std::move(json), {}};
    reply.headers.push_back({"Location", fmt::format("{}/AuditEvent/{}/_history/1", vault.base_url(), id)});
    reply.changes.versions.push_back(std::move(change));
    return reply;
}

struct Glass {
    std::vector<GlassEvent> events;   // newest first
    std::vector<GlassReview> reviews;
};

/// The newest of all, and of those before them whatever nobody has reviewed.
Result<Glass> all_of(Vault& vault) {
    Glass glass;
    std::size_t opened = 0;
    const auto goes_on = [&](const Records& records, const StoredVersion& row) -> Result<Next> {
        if (++opened <= GlassLimits{}.listed_max) return Next::open;
        const auto token = audit_token(vault.sealer().facility(), done_with(vault, row.version.record));
        const auto done = TRY(records.with_token(token, 1));
        return done.empty() ? Next::open : Next::pass;
    };
    TRY(look_through(vault, all_glass(vault), goes_on, [&](json::Value event) {
        if (auto broken = fhir::read_glass_event(event)) glass.events.push_back(*std::move(broken));
        if (auto review = fhir::read_glass_review(event)) glass.reviews.push_back(*std::move(review));
    }));
    return glass;
}

/// Nothing for what is no event of Ward's own.
Result<std::optional<GlassEvent>> event_with(Vault& vault, const std::string& id) {
    const auto reader = TRY(vault.readers().take());
    const auto row = TRY(Records{*reader}.current(record_of(vault, id)));
    const auto token = audit_token(vault.sealer().facility(), all_glass(vault));
    if (!row || std::ranges::find(row->version.tokens, token) == row->version.tokens.end())
        return std::optional<GlassEvent>{};
    const auto document = TRY(open_event(vault, *row));
    return fhir::read_glass_event(document.root());
}

void write_part(json::Writer& writer, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    writer.begin_object().member("name", name).member("valueString", value).end_object();
}

Checked<Reply> break_glass(Vault& vault, const Caller& caller, const std::string& patient,
                           json::Value parameters, AuditTrail& trail) {
    trail.entities = {fmt::format("Patient/{}", patient)};
    trail.patients = {patient};
    const auto* rules = rules_of(caller);
    const std::string purpose{parameter(parameters, "purpose")};
    const auto* rule = rules == nullptr ? nullptr : rules->policy()->glass_rule_for(rules->actor(), purpose);
    if (rule == nullptr || caller.user_id.empty())
        return fhir::refuse(IssueType::forbidden, "no policy allows to break the glass for this purpose");
    auto reason = TRY(reason_in(parameters));
    const auto open = TRY_CHECKED(open_glass_of(vault, caller.user_id, caller.now));
    if (open.size() >= GlassLimits{}.open_max)
        return fhir::refuse(IssueType::throttled, "the glass of too many patients is broken already");
    const GlassEvent event{uuid_v7(caller.now),
                           caller.user_id,
                           caller.client_id,
                           caller.address,
                           patient,
                           purpose,
                           std::move(reason),
                           caller.now,
                           caller.now + rule->lasts,
                           caller.now + rule->review_within};
    auto json = fhir::write_glass_event(event);
    auto change = TRY_CHECKED(vault.sealer().seal_audit(event.id, json, {patient}, caller.now,
                                                        {all_glass(vault), glass_of(vault, event.user)}));
    log::warn("glass was broken", {{"event", event.id}, {"purpose", purpose}});
    return made(vault, event.id, std::move(json), std::move(change));
}

Checked<Reply> review_glass(Vault& vault, const Caller& caller, const std::string& id, json::Value parameters,
                            AuditTrail& trail) {
    trail.entities = {fmt::format("AuditEvent/{}", id)};
    const auto* rules = rules_of(caller);
    if (rules == nullptr || !rules->policy()->may_review(rules->actor()) || caller.user_id.empty())
        return fhir::refuse(IssueType::forbidden, "no policy allows to review broken glass");
    const auto event = TRY_CHECKED(event_with(vault, id));
    if (!event) return fhir::refuse(IssueType::not_found, "there is no such resource");
    trail.patients = {event->patient};
    if (event->user == caller.user_id)
        return fhir::refuse(IssueType::forbidden, "nobody reviews what they did themselves");
    const auto finding = parameter(parameters, "finding");
    const auto note = parameter(parameters, "note");
    if (finding != "appropriate" && finding != "inappropriate")
        return fhir::refuse(IssueType::value, "a finding is appropriate or inappropriate", "finding");
    if (note.size() > GlassLimits{}.reason_bytes_max)
        return fhir::refuse(IssueType::too_long, "the note is too long", "note");
    if (!is_printable(note))
        return fhir::refuse(IssueType::value, "a note is one line without control characters", "note");
    const GlassReview review{uuid_v7(caller.now), id,
                             caller.user_id,      caller.client_id,
                             event->patient,      std::string{finding},
                             std::string{note},   caller.now};
    auto json = fhir::write_glass_review(review);
    auto change =
        TRY_CHECKED(vault.sealer().seal_audit(review.id, json, {event->patient}, caller.now,
                                              {all_glass(vault), done_with(vault, record_of(vault, id)),
                                               done_with(vault, record_of(vault, review.id))}));
    return made(vault, review.id, std::move(json), std::move(change));
}

Checked<Reply> list_glass(Vault& vault, const Caller& caller, AuditTrail& trail) {
    trail.entities = {"AuditEvent"};
    const auto* rules = rules_of(caller);
    const bool may = rules == nullptr || rules->policy()->may_review(rules->actor());
    // Who may review need not be able to read the rest of the trail.
    if (!may || !caller.sight.has_scope(Permission::search, fhir::ResourceType::audit_event))
        return fhir::refuse(IssueType::forbidden, "only who reviews broken glass may list it");
    const auto glass = TRY_CHECKED(all_of(vault));
    std::string out;
    json::Writer writer{out};
    writer.begin_object().member("resourceType", "Parameters").key("parameter").begin_array();
    for (const auto& event : glass.events) {
        const auto review = std::ranges::find(glass.reviews, event.id, &GlassReview::event);
        const bool reviewed = review != glass.reviews.end();
        trail.add_patients({event.patient});
        writer.begin_object().member("name", "broken-glass").key("part").begin_array();
        write_part(writer, "event", event.id);
        write_part(writer, "user", event.user);
        write_part(writer, "client", event.client);
        write_part(writer, "patient", event.patient);
        write_part(writer, "purpose", event.purpose);
        write_part(writer, "reason", event.reason);
        write_part(writer, "from", to_instant(event.from));
        write_part(writer, "until", to_instant(event.until));
        write_part(writer, "review-due", to_instant(event.review_due));
        write_part(writer, "review",
                   reviewed                        ? review->finding
                   : event.review_due < caller.now ? "overdue"
                                                   : "due");
        if (reviewed) write_part(writer, "reviewer", review->user);
        writer.end_array().end_object();
    }
    writer.end_array().end_object();
    return Reply{200, {}, std::move(out), {}};
}

}   // namespace

bool is_about_glass(std::string_view operation) {
    return operation == "$break-glass" || operation == "$review" || operation == "$broken-glass";
}

Checked<Reply> operate_on_glass(Vault& vault, const Caller& caller, const GlassOperationView& asked,
                                AuditTrail& trail) {
    const std::string id{asked.id};
    if (asked.operation == "$break-glass") return break_glass(vault, caller, id, asked.parameters, trail);
    if (asked.operation == "$review") return review_glass(vault, caller, id, asked.parameters, trail);
    return list_glass(vault, caller, trail);
}

Result<std::vector<std::string>> open_glass_of(Vault& vault, const std::string& user, Time now) {
    std::vector<std::string> patients;
    if (user.empty()) return patients;
    // Those before are over, however long they were to last.
    const auto goes_on = [&](const Records&, const StoredVersion& row) -> Result<Next> {
        return row.version.time < now - policy::glass_lasts_max ? Next::stop : Next::open;
    };
    TRY(look_through(vault, glass_of(vault, user), goes_on, [&](json::Value resource) {
        const auto event = fhir::read_glass_event(resource);
        if (event && event->from <= now && now < event->until) patients.push_back(event->patient);
    }));
    return patients;
}

}   // namespace ward::vault
