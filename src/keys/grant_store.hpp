// SPDX-License-Identifier: Apache-2.0
// The operators, grants and their events in keys.db.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "crypto/sign.hpp"
#include "keys/grant.hpp"
#include "keys/protocol.hpp"
#include "store/database.hpp"

namespace ward::keys {

struct Operator {
    std::string name{};
    crypto::PublicKey key{};
    Time enrolled{};
};

struct KeptGrant {
    GrantTerms terms{};
    std::string requester{};
    Time requested{};
    std::string approver{};    // empty: nobody yet
    Time approved{};           // if somebody did
    std::int64_t opened = 0;   // owners
    bool operator==(const KeptGrant&) const = default;
};

/// Borrows the connection. Every change is on disk when its function returns.
class GrantStore {
public:
    explicit GrantStore(store::Database& database) : database_(&database) {}

    Result<std::optional<Operator>> find_operator(std::string_view name);
    /// Errc::conflict if the name or the key is enrolled, Errc::limit_exceeded when there are too many.
    Result<> add_operator(const Operator& person);

    /// Errc::conflict if there ever was a grant of this id.
    Result<> add_grant(const KeptGrant& grant);
    Result<> approve(const GrantId& id, std::string_view approver, Time now, const GrantTerms& terms);
    /// One that is not there yet. Forgotten when the grant ends.
    Result<> add_owner(const GrantId& id, const Owner& owner);
    Result<std::set<Owner>> owners(const GrantId& id);
    Result<> end(const KeptGrant& grant, std::string_view who, Time now);
    /// That have not ended, oldest first.
    Result<std::vector<KeptGrant>> open_grants();

    /// The first one after `number`.
    Result<std::optional<GrantEvent>> event_after(std::uint64_t number);

private:
    Result<> add_event(const GrantEvent& event);

    store::Database* database_;
};

}   // namespace ward::keys
