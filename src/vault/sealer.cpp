// SPDX-License-Identifier: Apache-2.0
#include "vault/sealer.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "crypto/random.hpp"
#include "fhir/compartment.hpp"
#include "fhir/values.hpp"
#include "keys/wrapped_keys.hpp"

namespace ward::vault {
namespace {

std::string new_part() { return to_hex(crypto::random_array<8>()); }

Version key_version(const OwnerId& owner, const Keyring::Created& created, Time now) {
    Version version;
    version.record = {owner.value};
    version.type = key_record_type;
    version.change = Change::created;
    version.time = now;
    version.owner = owner;
    version.key = created.keys->id;
    version.sealed.assign(created.wrapped_digest.begin(), created.wrapped_digest.end());
    return version;
}

}   // namespace

Sealer::Sealer(SealerParts parts) : parts_(std::move(parts)), daily_part_(new_part()) {}

/// A key for each day, so that a stolen vault process holds one day's trail, and for each start, so that what
/// must always be written never has to ask for a key that the budget of ward-keys holds back.
OwnerId Sealer::daily_owner(fhir::ResourceType type, Time time) {
    const Lock lock{daily_mutex_};
    const auto day = to_instant(time).substr(0, 10);
    return parts_.pseudonyms.owner_without_patient(
        fmt::format("{}/{}/{}", fhir::name_of(type), day, daily_part_));
}

Result<SharedKeys> Sealer::daily_keys(fhir::ResourceType type, Time time, OwnerId& owner) {
    owner = daily_owner(type, time);
    auto keys = keys_for(owner);
    if (keys || keys.error().code != Errc::limit_exceeded) return keys;
    {
        const Lock lock{daily_mutex_};
        daily_part_ = new_part();   // the key was idle so long that it was forgotten
    }
    owner = daily_owner(type, time);
    return keys_for(owner);
}

Result<std::optional<StoredVersion>> Sealer::key_row(const OwnerId& owner) {
    const auto reader = TRY(parts_.readers.take());
    return Records{*reader}.current({owner.value});
}

Result<SharedKeys> Sealer::existing_keys(const OwnerId& owner) {
    if (auto kept = parts_.keyring.in_use(owner)) return kept;
    const auto id = TRY(key_id(owner));
    return id ? parts_.keyring.unlock(owner, *id) : SharedKeys{};
}

Result<std::optional<KeyId>> Sealer::key_id(const OwnerId& owner) {
    const auto row = TRY(key_row(owner));
    if (!row) return std::optional<KeyId>{};
    if (row->version.type != key_record_type) return fail(Errc::corrupt, "key row is of another type");
    return std::optional{row->version.key};
}

Result<SharedKeys> Sealer::keys_for(const OwnerId& owner) {
    if (auto keys = TRY(existing_keys(owner))) return keys;
    return create_keys(owner);
}

Result<> Sealer::ensure_keys(std::string_view patient) {
    TRY(keys_for(parts_.pseudonyms.owner_of_patient(patient)));
    return {};
}

/// A power cut between ward-keys' commit and ours leaves a key that no row tells of: it is taken up again.
Result<Keyring::Created> Sealer::new_or_orphaned_keys(const OwnerId& owner) {
    auto created = parts_.keyring.create(owner);
    if (created || created.error().code != Errc::conflict) return created;
    auto wrapped_keys = TRY(keys::WrappedKeys::open(parts_.wrapped_keys));
    const auto orphan = TRY(wrapped_keys.of_owner(owner.value));
    if (!orphan) return created;
    auto keys = TRY(parts_.keyring.unlock(owner, {orphan->id}));
    return Keyring::Created{std::move(keys), orphan->digest};
}

Result<SharedKeys> Sealer::create_keys(const OwnerId& owner) {
    const Lock lock{creating_};
    if (auto keys = TRY(existing_keys(owner))) return keys;   // somebody else was first
    const auto created = TRY(new_or_orphaned_keys(owner));
    // The row is on disk before anything is sealed under the key.
    ChangeSet changes;
    changes.versions.push_back({key_version(owner, created, parts_.clock.now()), {}});
    TRY(parts_.commits.run([&changes](store::Database& writer) { return apply(writer, changes); }));
    return created.keys;
}

Result<std::vector<Token>> Sealer::tokens_for(const Draft& draft, json::Value resource) {
    std::vector<Token> tokens;
    const bool clinical = fhir::in_patient_compartment(draft.type);
    // What lies in no patient's compartment, though its type may, is found by its id alone.
    if (clinical && draft.patients.empty()) return tokens;
    const auto found = fhir::index_values(draft.type, resource);
    if (!found) return fail(Errc::malformed, found.error().what);
    const auto& values = *found;
    if (!clinical) append_tokens(parts_.facility, IndexScope::facility, draft.type, values, tokens);
    if (draft.type == fhir::ResourceType::patient)
        append_tokens(parts_.facility, IndexScope::find_patient, draft.type, values, tokens);
    for (const auto& patient : draft.patients) {
        const auto keys = TRY(keys_for(parts_.pseudonyms.owner_of_patient(patient)));
        append_tokens(keys->tokens, IndexScope::patient, draft.type, values, tokens);
    }
    if (!clinical) return tokens;
    auto found_across = *found;
    std::erase_if(found_across, [&](const fhir::IndexedValue& value) {
        return !parts_.facility_index.has(draft.type, *value.parameter);
    });
    append_tokens(parts_.facility, IndexScope::find_chart, draft.type, found_across, tokens);
    return tokens;
}

Result<NewVersion> Sealer::seal(Draft& draft) {
    std::vector<Token> tokens;
    if (draft.change != Change::deleted) {
        auto document = json::Document::parse(draft.json, {.bytes_max = BodyLimits{}.json_bytes_max});
        if (!document) return fail(Errc::malformed, document.error().what);
        draft.patients = fhir::patients_of(draft.type, document->root());
        tokens = TRY(tokens_for(draft, document->root()));
    }
    const auto owner = draft.patients.empty()
                           ? parts_.pseudonyms.owner_without_patient(fhir::name_of(draft.type))
                           : parts_.pseudonyms.owner_of_patient(draft.patients.front());
    const auto keys = TRY(keys_for(owner));

    NewVersion change;
    auto& version = change.version;
    version.record = parts_.pseudonyms.record(fhir::number_of(draft.type), draft.id);
    version.number = draft.replaces ? draft.replaces->version.number + 1 : 1;
    version.type = fhir::number_of(draft.type);
    version.change = draft.change;
    version.time = draft.time;
    version.owner = owner;
    version.key = keys->id;
    version.tokens = std::move(tokens);
    const BodyView body{draft.id, draft.patients, draft.json};
    auto sealed = TRY(seal_body(keys->record_key, row_binding(version), body));
    version.sealed = std::move(sealed.sealed);
    version.commitment = sealed.commitment;
    change.replaces = std::move(draft.replaces);
    return change;
}

Result<NewVersion> Sealer::seal_daily(fhir::ResourceType type, NewVersion change, const BodyView& body) {
    auto& version = change.version;
    version.type = fhir::number_of(type);
    const auto keys = TRY(daily_keys(type, version.time, version.owner));
    version.record = parts_.pseudonyms.record(version.type, body.id);
    version.key = keys->id;
    std::ranges::sort(version.tokens);
    version.tokens.erase(std::unique(version.tokens.begin(), version.tokens.end()), version.tokens.end());
    auto sealed = TRY(seal_body(keys->record_key, row_binding(version), body));
    version.sealed = std::move(sealed.sealed);
    version.commitment = sealed.commitment;
    return change;
}

Result<NewVersion> Sealer::seal_audit(const std::string& id, const std::string& json,
                                      const std::vector<std::string>& patients, Time time,
                                      const std::vector<OwnerId>& found_by) {
    NewVersion change;
    change.version.time = time;
    for (const auto& patient : patients)
        change.version.tokens.push_back(
            audit_token(parts_.facility, parts_.pseudonyms.owner_of_patient(patient)));
    for (const auto& topic : found_by) change.version.tokens.push_back(audit_token(parts_.facility, topic));
    return seal_daily(fhir::ResourceType::audit_event, std::move(change), {id, patients, json});
}

Result<NewVersion> Sealer::seal_message(const std::string& id, const std::string& json,
                                        std::vector<Token> tokens, Time time) {
    NewVersion change;
    change.version.change = Change::received;
    change.version.time = time;
    change.version.tokens = std::move(tokens);
    return seal_daily(fhir::ResourceType::binary, std::move(change), {id, {}, json});
}

Result<Body> Sealer::open(const StoredVersion& row) {
    const auto keys = TRY(parts_.keyring.unlock(row.version.owner, row.version.key));
    return open_body(keys->record_key, row_binding(row.version), row.version.sealed);
}

}   // namespace ward::vault
