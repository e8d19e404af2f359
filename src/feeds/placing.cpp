// SPDX-License-Identifier: Apache-2.0
#include "feeds/placing.hpp"

#include <algorithm>

#include "core/assert.hpp"
#include "vault/merges.hpp"
#include "vault/search.hpp"
#include "vault/writing.hpp"

namespace ward::feeds {
namespace {

using fhir::ResourceType;

bool finds_record(json::Value identifier) {
    if (identifier["value"].text().empty() || identifier["system"].text().empty()) return false;
    for (const auto coding : identifier["type"]["coding"].items())
        if (!fhir::v2::finds_record(coding["code"].text())) return false;
    return true;
}

/// R4, search.html#escaping.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '$' || c == ',' || c == '|' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

}   // namespace

Error error_of(const fhir::Issue& issue) {
    using enum fhir::IssueType;
    const auto code = issue.type == throttled   ? Errc::limit_exceeded
                      : issue.type == conflict  ? Errc::conflict
                      : issue.type == transient ? Errc::unavailable
                      : issue.type == exception ? Errc::corrupt
                                                : Errc::malformed;
    return {code, issue.diagnostics};
}

vault::Sight sight_of_feeds() {
    auto scopes = vault::parse_scopes("system/*.cruds");
    WARD_ASSERT(scopes.has_value());
    return vault::Sight{*std::move(scopes)};
}

Result<Stored> stored(vault::Vault& vault, ResourceType type, std::string_view id) {
    Stored found;
    {
        const auto reader = TRY(vault.readers().take());
        found.row = TRY(
            vault::Records{*reader}.current(vault.sealer().pseudonyms().record(fhir::number_of(type), id)));
    }
    if (!vault::is_there(found.row)) return found;
    auto body = TRY(vault.sealer().open(*found.row));
    found.document =
        TRY(json::Document::parse(body.json.reveal(), {.bytes_max = vault::BodyLimits{}.json_bytes_max}));
    return found;
}

std::string Placing::id_of(ResourceType type, std::string_view identity) const {
    {
        const Lock lock{mutex_};
        if (const auto known = remembered_.find(std::string{identity}); known != remembered_.end())
            return known->second;
    }
    return own_id(type, identity);
}

std::string Placing::own_id(ResourceType type, std::string_view identity) const {
    // The pseudonym of an id that no client can have given: `identity` holds a bar, and ids do not.
    return to_hex(vault_.sealer().pseudonyms().record(fhir::number_of(type), identity).value);
}

void Placing::remember(std::string_view identity, std::string patient) {
    const Lock lock{mutex_};
    if (remembered_.size() >= remembered_max) remembered_.clear();   // they are only looked up again
    remembered_[std::string{identity}] = std::move(patient);
}

void Placing::forget_all() {
    const Lock lock{mutex_};
    remembered_.clear();
}

Result<Placing::Known> Placing::known_patient(const fhir::v2::Mapped& patient) {
    const auto document = TRY(json::Document::parse(patient.json));
    Known known;
    bool is_one = true;
    for (const auto identifier : document["identifier"].items()) {
        if (!finds_record(identifier)) continue;
        const std::vector<FormField> criteria{
            {"identifier", escaped(identifier["system"].text()) + '|' + escaped(identifier["value"].text())}};
        vault::SearchRequest request;
        auto query = fhir::parse_query(ResourceType::patient, criteria, {vault_.base_url(), {}});
        if (!query) continue;
        request.query = *std::move(query);
        request.count = 2;
        const auto reader = TRY(vault_.readers().take());
        auto all = vault::search(vault_.sealer(), *reader, request, sight_of_feeds(), vault_.clock().now());
        if (!all) return tl::unexpected(error_of(all.error()));
        std::ranges::move(all->observed, std::back_inserter(known.observed));
        for (const auto& match : all->matches) {
            // One that was merged is found under its old identifier; whom it is now is what counts.
            auto id = TRY(merges_of(match.body.id)).back();
            is_one = is_one && (known.id.empty() || known.id == id);
            known.id = std::move(id);
        }
    }
    if (!is_one) known.id.clear();
    return known;
}

Result<std::vector<std::string>> Placing::merges_of(std::string patient) const {
    const auto reader = TRY(vault_.readers().take());
    return vault::merges_of(vault_.sealer(), vault::Records{*reader}, std::move(patient));
}

}   // namespace ward::feeds
