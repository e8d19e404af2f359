// SPDX-License-Identifier: Apache-2.0
// Under which id the store has what messages name.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "core/mutex.hpp"
#include "core/result.hpp"
#include "fhir/issue.hpp"
#include "fhir/resource_types.hpp"
#include "fhir/v2/mapping.hpp"
#include "vault/sight.hpp"
#include "vault/vault.hpp"

namespace ward::feeds {

/// Ids are keyed hashes of identities, so that the same thing is found again without a look-up and a replay
/// makes nothing twice. Only of a patient the hospital may have a record already, under an id that another
/// gave, or have merged it into another. Callable from several threads. Borrows the vault.
class Placing {
public:
    explicit Placing(vault::Vault& vault) : vault_(vault) {}

    /// Where the record of that identity is, or would be.
    std::string id_of(fhir::ResourceType type, std::string_view identity) const;

    /// The same, whatever is remembered of it.
    std::string own_id(fhir::ResourceType type, std::string_view identity) const;

    /// For a Patient that a message tells of: who has one of its identifiers.
    struct Known {
        std::string id;                          // empty if nobody, or more than one
        std::vector<vault::Observed> observed;   // what that rests on
    };
    Result<Known> known_patient(const fhir::v2::Mapped& patient);

    /// The patient and those into whose records it was merged, one after the other.
    Result<std::vector<std::string>> merges_of(std::string patient) const;

    /// From now on the identity means this patient.
    void remember(std::string_view identity, std::string patient);
    /// Merges have changed whom identities mean.
    void forget_all();

private:
    static constexpr std::size_t remembered_max = 50'000;

    vault::Vault& vault_;
    mutable Mutex mutex_;   // guards whom identities mean that were looked up
    mutable std::unordered_map<std::string, std::string> remembered_ GUARDED_BY(mutex_);
};

/// What of a refusal the mapping branches on.
Error error_of(const fhir::Issue& issue);

/// What a feed may: everything that its messages say. Its users are those of the system that sends them.
vault::Sight sight_of_feeds();

/// The current version of a resource and what it says; nothing if there is none.
struct Stored {
    std::optional<vault::StoredVersion> row;
    std::optional<json::Document> document;   // none for a tombstone
    json::Value resource() const { return document ? document->root() : json::Value{}; }
};
Result<Stored> stored(vault::Vault& vault, fhir::ResourceType type, std::string_view id);

}   // namespace ward::feeds
