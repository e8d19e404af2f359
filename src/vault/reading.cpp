// SPDX-License-Identifier: Apache-2.0
#include "vault/reading.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>

#include "fhir/compartment.hpp"
#include "vault/bundle_writer.hpp"
#include "vault/opener.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using fhir::ResourceType;

constexpr auto newest = std::numeric_limits<std::int64_t>::max();

/// For whom something is read, and as what.
struct Viewing {
    Vault& vault;
    store::Database& reader;
    const Caller& caller;
    Permission how = Permission::read;
};

/// What the caller may not see is answered with this too, word for word.
tl::unexpected<fhir::Issue> nothing_there() {
    return fhir::refuse(IssueType::not_found, "there is no such resource");
}

Checked<std::optional<Body>> open_row(const Viewing& viewing, const StoredVersion& row) {
    return open_for(viewing.caller.sight, viewing.vault.sealer(), row);
}

/// A version may be seen if the newest one may be too: what was put into the wrong chart and corrected would
/// stay in that chart otherwise.
Checked<bool> may_see(const Viewing& viewing, const StoredVersion& row, const Body& body) {
    const auto type = *fhir::resource_type(row.version.type);
    const auto& sight = viewing.caller.sight;
    if (sight.is_unlimited(viewing.how, type)) return true;
    if (!TRY_CHECKED(sight.may(viewing.how, type, body))) return false;
    const auto newest_row = TRY_CHECKED(Records{viewing.reader}.current(row.version.record));
    if (!newest_row || newest_row->seq == row.seq) return true;
    const auto newest_body = TRY(open_row(viewing, *newest_row));
    return newest_body && TRY_CHECKED(sight.may(viewing.how, type, *newest_body));
}

Checked<Reply> answer_with(const Viewing& viewing, ResourceType type, const std::string& id,
                           const std::optional<StoredVersion>& row, AuditTrail& trail) {
    trail.entities.push_back(fmt::format("{}/{}", fhir::name_of(type), id));
    if (!row) return nothing_there();
    const auto body = TRY(open_row(viewing, *row));
    if (body) trail.add_patients(body->patients);
    trail.entities.back() = version_path(type, id, row->version.number);
    if (!body || !TRY(may_see(viewing, *row, *body))) {
        trail.withheld = "the caller may not see this resource";
        return nothing_there();
    }
    if (row->version.change == Change::deleted)
        return fhir::refuse(IssueType::deleted, fmt::format("deleted in version {}", row->version.number));
    return Reply{200, version_headers(row->version), body->json.reveal(), {}};
}

/// The parameters that are about the page rather than what is on it.
struct Paging {
    std::string self;   // the address of this very page
    std::size_t count = SearchLimits{}.count_default;
    std::optional<std::int64_t> position;
};

/// For histories, which take `_count` and `_page` and nothing else that Ward knows.
Checked<Paging> history_paging(Vault& vault, const Caller& caller, PageRequest& page) {
    Paging paging;
    paging.self = fmt::format("{}/{}", vault.base_url(), address_of(page));
    if (const auto place = TRY(turn_page(vault, caller, page))) paging.position = place->position;
    for (const auto& [name, value] : page.parameters) {
        if (name == "_format" || name == "_pretty") continue;
        if (name != "_count")
            return fhir::refuse(IssueType::not_supported, "only _count is supported here", name);
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), paging.count);
        if (error != std::errc{} || end != value.data() + value.size())
            return fhir::refuse(IssueType::value, "_count is a number", "_count");
    }
    paging.count = std::clamp(paging.count, std::size_t{1}, SearchLimits{}.history_max);
    return paging;
}

/// A page of versions, newest first; `rows` holds one more than asked for if there are more. Versions that
/// the caller may not see are left out, so that a page may have fewer.
Checked<Reply> history_page(const Viewing& viewing, const PageRequest& page, std::vector<StoredVersion> rows,
                            const Paging& paging, std::int64_t (*position)(const StoredVersion&),
                            AuditTrail& trail) {
    auto& vault = viewing.vault;
    const bool more = rows.size() > paging.count;
    if (more) rows.resize(paging.count);
    std::vector<std::optional<Body>> bodies;   // of each row, if it may be seen
    std::size_t bytes = 0;
    for (const auto& row : rows) {
        if (bytes > SearchLimits{}.page_bytes_max) break;
        auto body = TRY(open_row(viewing, row));
        bodies.emplace_back();
        if (!body) continue;
        bytes += body->json.reveal().size();
        trail.add_patients(body->patients);
        if (!TRY(may_see(viewing, row, *body))) continue;
        const auto type = *fhir::resource_type(row.version.type);
        trail.entities.push_back(version_path(type, body->id, row.version.number));
        bodies.back() = std::move(body);
    }
    BundleWriter bundle{vault.base_url(), "history", vault.clock().now()};
    bundle.link("self", paging.self);
    if (more || bodies.size() < rows.size())
        bundle.link("next",
                    TRY(next_url(vault, viewing.caller, page, {position(rows[bodies.size() - 1]), {}})));
    for (std::size_t i = 0; i < bodies.size(); ++i)
        if (bodies[i]) bundle.past_version(rows[i].version, *bodies[i]);
    return Reply{200, {}, bundle.finish(), {}};
}

}   // namespace

Checked<Reply> read(Vault& vault, const Caller& caller, ResourceType type, const std::string& id,
                    AuditTrail& trail) {
    const auto reader = TRY_CHECKED(vault.readers().take());
    const auto record = vault.sealer().pseudonyms().record(fhir::number_of(type), id);
    const auto row = TRY_CHECKED(Records{*reader}.current(record));
    return answer_with({vault, *reader, caller}, type, id, row, trail);
}

Checked<Reply> read_version(Vault& vault, const Caller& caller, ResourceType type, const std::string& id,
                            std::int64_t number, AuditTrail& trail) {
    const auto reader = TRY_CHECKED(vault.readers().take());
    const auto record = vault.sealer().pseudonyms().record(fhir::number_of(type), id);
    const auto row = TRY_CHECKED(Records{*reader}.version(record, number));
    return answer_with({vault, *reader, caller}, type, id, row, trail);
}

Checked<Reply> history(Vault& vault, const Caller& caller, ResourceType type, const std::string& id,
                       PageRequest page, AuditTrail& trail) {
    trail.entities.push_back(fmt::format("{}/{}", fhir::name_of(type), id));
    const auto paging = TRY(history_paging(vault, caller, page));
    const auto reader = TRY_CHECKED(vault.readers().take());
    const auto record = vault.sealer().pseudonyms().record(fhir::number_of(type), id);
    const auto count = static_cast<std::int64_t>(paging.count);
    auto rows = TRY_CHECKED(Records{*reader}.history(record, paging.position.value_or(newest), count + 1));
    if (rows.empty()) return nothing_there();
    const Viewing viewing{vault, *reader, caller};
    const auto first = TRY(open_row(viewing, rows.front()));
    if (!first || !TRY(may_see(viewing, rows.front(), *first))) {
        trail.withheld = "the caller may not see this resource";
        return nothing_there();
    }
    return history_page(
        viewing, page, std::move(rows), paging, [](const StoredVersion& row) { return row.version.number; },
        trail);
}

Checked<Reply> type_history(Vault& vault, const Caller& caller, ResourceType type, PageRequest page,
                            AuditTrail& trail) {
    if (!caller.sight.only_patient(type).empty())
        return fhir::refuse(IssueType::forbidden, "this token allows the history of one resource at a time");
    const auto paging = TRY(history_paging(vault, caller, page));
    const auto reader = TRY_CHECKED(vault.readers().take());
    const auto count = static_cast<std::int64_t>(paging.count);
    auto rows = TRY_CHECKED(
        Records{*reader}.type_history(fhir::number_of(type), paging.position.value_or(newest), count + 1));
    return history_page(
        {vault, *reader, caller, Permission::search}, page, std::move(rows), paging,
        [](const StoredVersion& row) { return row.seq; }, trail);
}

Checked<Reply> patient_everything(Vault& vault, const Caller& caller, const std::string& patient,
                                  AuditTrail& trail) {
    trail.patients.push_back(patient);
    trail.entities.push_back(fmt::format("Patient/{}", patient));
    const auto reader = TRY_CHECKED(vault.readers().take());
    const auto matches = TRY(everything(vault.sealer(), *reader, patient, caller.sight));
    if (matches.empty()) return fhir::refuse(IssueType::not_found, "there is no such patient");
    trail.entities.clear();
    BundleWriter bundle{vault.base_url(), "searchset", vault.clock().now()};
    bundle.link("self", fmt::format("{}/Patient/{}/$everything", vault.base_url(), patient));
    bundle.total(matches.size());
    for (const auto& match : matches) {
        const auto type = *fhir::resource_type(match.row.version.type);
        trail.add_patients(match.body.patients);
        trail.entities.push_back(version_path(type, match.body.id, match.row.version.number));
        bundle.match(match.row.version, match.body);
    }
    return Reply{200, {}, bundle.finish(), {}};
}

}   // namespace ward::vault
