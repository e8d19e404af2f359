// SPDX-License-Identifier: Apache-2.0
// The messages that feeds brought, as records.db lists them: what waits, what came of the rest, how a feed
// is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "store/database.hpp"
#include "vault/tokens.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

struct Arrival {
    std::int64_t seq = 0;
    std::string feed;
};

/// A message of which something has no place in FHIR.
struct UnmappedArrival {
    std::int64_t seq = 0;
    std::string feed;
    Time time{};   // of its arrival
    std::int64_t unmapped = 0;
    std::string places;
};

/// Up to when what a feed brought is in the record.
struct FeedTimes {
    std::string feed;
    Time last_heard{};
    std::optional<Time> oldest_waiting{};   // for being mapped, and not only once more

    Time as_of() const { return oldest_waiting ? *oldest_waiting : last_heard; }
    /// By how much the record is behind what the feed brought.
    Time::duration lag(Time now) const { return oldest_waiting ? now - *oldest_waiting : Time::duration{}; }
};

/// What a feed has brought until now.
struct FeedState : FeedTimes {
    std::int64_t messages = 0;
    std::int64_t recent = 0;     // within the last `window`
    std::int64_t waiting = 0;    // for being mapped
    std::int64_t unmapped = 0;   // messages of which something was not

    static constexpr std::chrono::minutes window{5};
};

/// For one thread at a time; borrows the connection.
class Arrivals {
public:
    explicit Arrivals(store::Database& database) : database_(&database) {}

    /// Those that wait, in the order in which they came, from behind `after` on.
    Result<std::vector<Arrival>> waiting(std::int64_t after, std::int64_t count) const;
    /// Newest first. `feed` is a name, or empty for all.
    Result<std::vector<UnmappedArrival>> unmapped(std::string_view feed, std::int64_t count) const;
    Result<std::vector<FeedTimes>> times() const;           // a few look-ups a feed
    Result<std::vector<FeedState>> feeds(Time now) const;   // counts all that there are
    /// The seq of the version that tells what came of a message; nothing while it waits.
    Result<std::optional<std::int64_t>> told_by(std::int64_t message) const;

private:
    Result<std::int64_t> recent(std::string_view feed, Time since) const;

    store::Database* database_;
};

/// Where all messages of a sender under one control id stand, and where all those stand that say the same.
Token control_id_token(const TokenKey& facility, std::string_view sender, std::string_view control_id);
Token message_token(const TokenKey& facility, std::string_view sender, std::string_view text);

/// In whose charts a message lies: those that it changed. Nothing while it waits, since nobody knows then.
Result<std::optional<std::vector<std::string>>> charts_of_message(Sealer& sealer, store::Database& reader,
                                                                  std::int64_t message);

/// Lets messages be mapped again, with what the mapping has learned: those mapped by a revision before
/// `revision` and, if `feed` is given, brought by it. How many.
Result<std::int64_t> replay(Vault& vault, std::string_view feed, std::int64_t revision);

}   // namespace ward::vault
