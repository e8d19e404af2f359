// SPDX-License-Identifier: Apache-2.0
// The tables of records.db: reading rows, and the one way to add some.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"
#include "vault/version.hpp"

namespace ward::vault {

std::span<const store::Migration> record_migrations();

/// A row and its place in the ledger.
struct StoredVersion {
    std::int64_t seq = 0;
    Version version;
};

/// The rows as one connection sees them. For one thread at a time; borrows the connection.
class Records {
public:
    explicit Records(store::Database& database) : database_(&database) {}

    /// The newest version, tombstones included.
    Result<std::optional<StoredVersion>> current(const RecordId& record) const;
    Result<std::optional<StoredVersion>> version(const RecordId& record, std::int64_t number) const;
    Result<std::optional<StoredVersion>> at(std::int64_t seq) const;

    /// Versions of one record with a number below `before`, newest first.
    Result<std::vector<StoredVersion>> history(const RecordId& record, std::int64_t before,
                                               std::int64_t count) const;

    /// Versions of one type with a seq below `before`, newest first.
    Result<std::vector<StoredVersion>> type_history(std::uint16_t type, std::int64_t before,
                                                    std::int64_t count) const;

    /// Versions from `first` on in the order of the ledger, of all types.
    Result<std::vector<StoredVersion>> range(std::int64_t first, std::int64_t count) const;

    /// Where a token stands, in ascending order; at most `count_max`, and then one more to tell that there
    /// are more.
    Result<std::vector<std::int64_t>> with_token(Token token, std::int64_t count_max) const;

    /// Seqs above `after` of the current, not deleted records of a type, ascending.
    Result<std::vector<std::int64_t>> of_type(std::uint16_t type, std::int64_t after,
                                              std::int64_t count) const;

    /// From which seq on rows have the tokens of this parameter of the FacilityIndex; nothing if none have.
    Result<std::optional<std::int64_t>> indexed_since(std::string_view name) const;

    /// What is known of a row without opening it.
    struct Outline {
        std::int64_t seq = 0;
        OwnerId owner;
        Time time{};
        std::int64_t sealed_bytes = 0;
    };
    /// As of_type().
    Result<std::vector<Outline>> outlines_of_type(std::uint16_t type, std::int64_t after,
                                                  std::int64_t count) const;

    /// How many rows the ledger must have leaves for: the highest seq and one.
    Result<std::int64_t> size() const;

private:
    store::Database* database_;
};

/// Whether there is a resource, and not only what is left of a deleted one.
inline bool is_there(const std::optional<StoredVersion>& newest) {
    return newest && newest->version.change != Change::deleted;
}

/// A version to add, made from what the caller read as the current one.
struct NewVersion {
    Version version;
    std::optional<StoredVersion> replaces;   // without its `sealed`; none for the first version
};

/// What a decision was based on: that exactly `seqs` stand under `token`. For conditional interactions.
struct Observed {
    Token token = 0;
    std::vector<std::int64_t> seqs;
};

/// A message that a feed brought. It waits to be mapped.
struct NewArrival {
    std::size_t version = 0;   // of the change set: its row
    std::string feed;
};

/// What became of a message that waited.
struct Conclusion {
    std::int64_t seq = 0;        // of the message
    std::size_t version = 0;     // of the change set: the one that tells it
    std::int64_t revision = 0;   // of the mapping that was used
    std::int64_t unmapped = 0;   // segments and fields without a place in FHIR
    std::string places;          // the first of them
};

/// What is added together or not at all.
struct ChangeSet {
    std::vector<NewVersion> versions;
    std::vector<Observed> observed;
    std::vector<NewArrival> arrivals;
    std::vector<Conclusion> conclusions;
};

/// Notes that rows from now on have tokens of just these parameters of the FacilityIndex.
Result<> keep_indexed(store::Database& writer, const std::vector<std::string>& names);

/// Adds the versions and their index tokens, in order. Errc::conflict, before anything is changed, when what
/// the change set is based on is no longer so: make it anew from what is there now.
Result<> apply(store::Database& writer, const ChangeSet& changes);

}   // namespace ward::vault
