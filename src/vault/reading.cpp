// SPDX-License-Identifier: Apache-2.0
#include "vault/reading.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>

#include "core/function_ref.hpp"
#include "fhir/capability.hpp"
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
    return open_for(viewing.caller.sight, viewing.vault.sealer(), viewing.reader, row);
}

/// A version may be seen if the newest one may be too: what was put into the wrong chart and corrected would
/// stay in that chart otherwise.
Checked<bool> may_see(const Viewing& viewing, const StoredVersion& row, const Body& body) {
    const auto& [vault, reader, caller, how] = viewing;
    if (caller.sight.is_unlimited(how, *fhir::resource_type(row.version.type))) return true;
    if (!TRY(may_with(vault, reader, caller.sight, how, row, body))) return false;
    const auto newest_row = TRY_CHECKED(Records{reader}.current(row.version.record));
    if (!newest_row || newest_row->seq == row.seq) return true;
    const auto newest_body = TRY(open_row(viewing, *newest_row));
    return newest_body && TRY(may_with(vault, reader, caller.sight, how, *newest_row, *newest_body));
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

/// Versions before a position, newest first.
using PastRows = FunctionRef<Result<std::vector<StoredVersion>>(std::int64_t before, std::int64_t count)>;
using PositionOf = std::int64_t (*)(const StoredVersion&);

struct Shown {
    StoredVersion row;
    Body body;
};

/// What is on a page of versions, and before which the next one starts, if there is anything to be on it.
struct HistoryPage {
    std::vector<Shown> shown;
    std::optional<std::int64_t> next;
};

/// Versions that the caller may not see are passed over: a shorter page, or a link to an empty one, would
/// tell how many they are.
Checked<HistoryPage> find_history(const Viewing& viewing, const Paging& paging, PastRows past,
                                  PositionOf position) {
    HistoryPage page;
    auto before = paging.position.value_or(newest);
    const auto step = static_cast<std::int64_t>(paging.count) + 1;
    std::size_t bytes = 0;
    std::size_t opened_bytes = 0;
    for (std::size_t looked_at = 0;;) {
        auto rows = TRY_CHECKED(past(before, step));
        for (auto& row : rows) {
            const bool is_full = page.shown.size() >= paging.count || bytes > SearchLimits{}.page_bytes_max;
            const bool is_enough =
                looked_at++ >= SearchLimits{}.opened_max || opened_bytes >= SearchLimits{}.opened_bytes_max;
            auto body = is_enough ? std::optional<Body>{} : TRY(open_row(viewing, row));
            if (body) opened_bytes += body->json.reveal().size();
            if (body && !TRY(may_see(viewing, row, *body))) body.reset();
            if (is_enough || (is_full && body)) {
                page.next = before;
                return page;
            }
            before = position(row);
            if (!body) continue;
            bytes += body->json.reveal().size();
            page.shown.push_back({std::move(row), *std::move(body)});
        }
        if (rows.size() < static_cast<std::size_t>(step)) return page;
    }
}

Checked<Reply> answer_with(const Viewing& viewing, const PageRequest& request, const Paging& paging,
                           const HistoryPage& page, AuditTrail& trail) {
    auto& vault = viewing.vault;
    BundleWriter bundle{vault.base_url(), "history", vault.clock().now()};
    bundle.link("self", paging.self);
    if (page.next) bundle.link("next", TRY(next_url(vault, viewing.caller, request, {*page.next, {}})));
    for (const auto& [row, body] : page.shown) {
        trail.add_patients(body.patients);
        const auto type = *fhir::resource_type(row.version.type);
        trail.entities.push_back(version_path(type, body.id, row.version.number));
        bundle.past_version(row.version, body);
    }
    return Reply{200, {}, bundle.finish(), {}};
}

}   // namespace

Checked<bool> may_with(Vault& vault, store::Database& reader, const Sight& sight, Permission permission,
                       const StoredVersion& row, const Body& body) {
    const auto type = *fhir::resource_type(row.version.type);
    if (row.version.change != Change::deleted) return TRY_CHECKED(sight.may(permission, type, body));
    if (sight.is_unlimited(permission, type)) return true;
    const auto before = TRY_CHECKED(Records{reader}.version(row.version.record, row.version.number - 1));
    if (!before) return false;
    const auto was = TRY(open_for(sight, vault.sealer(), reader, *before));
    return was && TRY_CHECKED(sight.may(permission, type, *was));
}

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
    const Records records{*reader};
    const auto row = TRY_CHECKED(records.current(record));
    if (!row) return nothing_there();
    const Viewing viewing{vault, *reader, caller};
    const auto body = TRY(open_row(viewing, *row));
    if (!body || !TRY(may_see(viewing, *row, *body))) {
        trail.withheld = "the caller may not see this resource";
        return nothing_there();
    }
    const auto rows = [&](std::int64_t before, std::int64_t count) {
        return records.history(record, before, count);
    };
    const auto position = [](const StoredVersion& one) { return one.version.number; };
    const auto found = TRY(find_history(viewing, paging, rows, position));
    return answer_with(viewing, page, paging, found, trail);
}

Checked<Reply> type_history(Vault& vault, const Caller& caller, ResourceType type, PageRequest page,
                            AuditTrail& trail) {
    if (!caller.sight.only_patient(type).empty())
        return fhir::refuse(IssueType::forbidden, "this token allows the history of one resource at a time");
    if (!fhir::has_type_history(type))
        return fhir::refuse(IssueType::too_costly,
                            fmt::format("{0} lies in patients' charts: ask for the history of one resource,"
                                        " {0}/ID/_history, or search within a patient",
                                        fhir::name_of(type)));
    const auto paging = TRY(history_paging(vault, caller, page));
    const auto reader = TRY_CHECKED(vault.readers().take());
    const Records records{*reader};
    const auto rows = [&](std::int64_t before, std::int64_t count) {
        return records.type_history(fhir::number_of(type), before, count);
    };
    const Viewing viewing{vault, *reader, caller, Permission::search};
    const auto position = [](const StoredVersion& one) { return one.seq; };
    const auto found = TRY(find_history(viewing, paging, rows, position));
    return answer_with(viewing, page, paging, found, trail);
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
