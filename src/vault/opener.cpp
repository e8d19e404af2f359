// SPDX-License-Identifier: Apache-2.0
#include "vault/opener.hpp"

#include "vault/arrivals.hpp"
#include "vault/merges.hpp"

namespace ward::vault {

using fhir::Checked;

Checked<std::optional<Body>> open_for(const Sight& sight, Sealer& sealer, store::Database& reader,
                                      const StoredVersion& row) {
    const auto type = fhir::resource_type(row.version.type);
    if (!type) return tl::unexpected(issue_of({Errc::corrupt, {}}));   // whoever altered the row
    auto body = sealer.open(row);
    if (!body) {
        const auto only = sight.only_patient(*type);
        const bool is_foreign =
            !only.empty() && row.version.owner != sealer.pseudonyms().owner_of_patient(only);
        if (is_foreign && body.error().code == Errc::limit_exceeded) return std::optional<Body>{};
        return tl::unexpected(issue_of(body.error()));
    }
    if (*type == fhir::ResourceType::binary && !sight.is_unlimited(Permission::read, *type)) {
        auto charts = row.version.change == Change::received
                          ? TRY_CHECKED(charts_of_message(sealer, reader, row.seq))
                          : std::optional{std::move(body->patients)};
        if (!charts) return std::optional<Body>{};
        TRY_CHECKED(add_surviving(sealer, Records{reader}, *charts));   // merges move no Binary
        body->patients = *std::move(charts);
    }
    return std::optional{*std::move(body)};
}

Checked<std::optional<OpenedRecord>> Opener::at(std::int64_t seq, Permission permission) {
    auto row = TRY_CHECKED(records_.at(seq));
    if (!row) return tl::unexpected(issue_of({Errc::corrupt, {}}));   // the index names a row that is gone
    return open(*std::move(row), permission);
}

Checked<std::optional<OpenedRecord>> Opener::current(fhir::ResourceType type, std::string_view id,
                                                     Permission permission) {
    if (!sight_.may_ever(permission, type)) return std::optional<OpenedRecord>{};
    const auto record = sealer_.pseudonyms().record(fhir::number_of(type), id);
    auto row = TRY_CHECKED(records_.current(record));
    if (!is_there(row)) return std::optional<OpenedRecord>{};
    return open(*std::move(row), permission);
}

Checked<std::optional<OpenedRecord>> Opener::open(StoredVersion row, Permission permission) {
    ++opened_;
    auto body = TRY(open_for(sight_, sealer_, reader_, row));
    if (!body) return std::optional<OpenedRecord>{};
    opened_bytes_ += body->json.reveal().size();
    const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
    auto document = TRY_CHECKED(json::Document::parse(body->json.reveal(), limits));
    if (!sight_.may(permission, {*fhir::resource_type(row.version.type), document.root(), body->patients}))
        return std::optional<OpenedRecord>{};
    row.version.sealed.clear();
    return std::optional{OpenedRecord{std::move(row), *std::move(body), std::move(document)}};
}

}   // namespace ward::vault
