// SPDX-License-Identifier: Apache-2.0
// From FHIR JSON to a sealed row with its index tokens, and back.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mutex.hpp"
#include "fhir/resource_types.hpp"
#include "json/document.hpp"
#include "store/group_commit.hpp"
#include "vault/body.hpp"
#include "vault/facility_index.hpp"
#include "vault/keyring.hpp"
#include "vault/readers.hpp"
#include "vault/records.hpp"

namespace ward::vault {

/// A version as FHIR knows it, to be sealed.
struct Draft {
    fhir::ResourceType type{};
    std::string id;
    Change change = Change::created;
    Time time{};
    std::string json;                        // as it is to be stored, with id and meta; empty for a tombstone
    std::vector<std::string> patients;       // for a tombstone: those of the version that it ends
    std::optional<StoredVersion> replaces;   // the current version, if there is one
};

/// What sealing works with. Borrowed.
struct SealerParts {
    Keyring& keyring;
    Readers& readers;
    store::GroupCommit& commits;
    const Pseudonyms& pseudonyms;
    const TokenKey& facility;
    const FacilityIndex& facility_index;
    const Clock& clock;
    std::filesystem::path
        wrapped_keys;   // keys.db, which ward-keys owns and anybody may read: nothing in it opens
};

/// Callable from several threads.
class Sealer {
public:
    explicit Sealer(SealerParts parts);

    /// Fills in `draft.patients` and takes `draft.replaces`. Errc::malformed if the JSON cannot be indexed.
    Result<NewVersion> seal(Draft& draft);

    /// An AuditEvent that this server made: sealed under a key of its own day and start, and found by its
    /// patients, and by `found_by`, under the facility's key, so that auditing a refused request opens
    /// nobody's key.
    Result<NewVersion> seal_audit(const std::string& id, const std::string& json,
                                  const std::vector<std::string>& patients, Time time,
                                  const std::vector<OwnerId>& found_by = {});

    /// A message as a feed brought it, a Binary: before anyone knows whom it is about, and although no more
    /// charts may be opened at the moment. So it has a key of its day and start, too, and is found by
    /// `tokens`.
    Result<NewVersion> seal_message(const std::string& id, const std::string& json, std::vector<Token> tokens,
                                    Time time);

    /// Errc::corrupt when the row is not what was sealed; Errc::limit_exceeded when the key is not given out
    /// now.
    Result<Body> open(const StoredVersion& row);

    /// The keys of an owner that has any; nothing otherwise.
    Result<SharedKeys> existing_keys(const OwnerId& owner);

    /// Which key the owner has; nothing if there is none. Asks nobody for it.
    Result<std::optional<KeyId>> key_id(const OwnerId& owner);

    /// Makes the keys of a patient about whom nothing was stored yet.
    Result<> ensure_keys(std::string_view patient);

    const Pseudonyms& pseudonyms() const { return parts_.pseudonyms; }
    const TokenKey& facility() const { return parts_.facility; }
    const FacilityIndex& facility_index() const { return parts_.facility_index; }

private:
    Result<SharedKeys> keys_for(const OwnerId& owner);
    OwnerId daily_owner(fhir::ResourceType type, Time time);
    Result<SharedKeys> daily_keys(fhir::ResourceType type, Time time, OwnerId& owner);
    Result<NewVersion> seal_daily(fhir::ResourceType type, NewVersion change, const BodyView& body);
    Result<SharedKeys> create_keys(const OwnerId& owner);
    Result<Keyring::Created> new_or_orphaned_keys(const OwnerId& owner);
    Result<std::optional<StoredVersion>> key_row(const OwnerId& owner);
    Result<std::vector<Token>> tokens_for(const Draft& draft, json::Value resource);

    SealerParts parts_;
    Mutex daily_mutex_;   // guards daily_part_
    std::string daily_part_ GUARDED_BY(daily_mutex_);
    Mutex creating_;   // one new key at a time, so that an owner never gets two
};

}   // namespace ward::vault
