// SPDX-License-Identifier: Apache-2.0
// What is to be told, until it was: outbox.db.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "notify/notice.hpp"
#include "store/database.hpp"

namespace ward::notify {

enum class Channel : std::uint8_t { webhook, mail, syslog };
std::string_view name(Channel channel);

struct OutboxLimits {
    std::chrono::seconds gathered{60};        // what comes within that goes as one message
    std::size_t notices_max = 100;            // of a message
    std::size_t pending_max = 1'000;          // messages of a channel; past that the oldest is given up
    std::chrono::hours told_within{7 * 24};   // what is older when it is first heard of is told to nobody
    std::chrono::hours given_up_after{48};
    std::chrono::seconds first_pause{15};   // doubled with each try
    std::chrono::seconds pause_max{3600};
    std::chrono::hours kept{30 * 24};         // what was sent or given up
    std::chrono::hours told_kept{800 * 24};   // of a case of which nothing changes any more
};

/// A message with its number in the outbox.
struct Pending {
    std::int64_t number = 0;
    Message message{};
};

/// A notice is pending for each channel until it was sent or given up, also over a kill or a power cut. One
/// process and thread at a time.
class Outbox {
public:
    static constexpr std::string_view file_name = "outbox.db";

    static Result<Outbox> open(const std::filesystem::path& folder, OutboxLimits limits = {});

    struct Kept {
        std::size_t added = 0;
        std::size_t known = 0;     // were there already
        std::size_t too_old = 0;   // of those that were added: for nobody
    };
    /// All of them or none, for each of the channels, and what is told of cases with them.
    Result<Kept> keep(std::span<const Notice> notices, const Told& told, std::span<const Channel> channels,
                      Time now);
    Result<Told> told();

    /// Puts into messages what has waited long enough; from then on each stays as it is. Returns how many
    /// messages were given up for want of room.
    Result<std::size_t> gather(Time now);

    /// The messages that are to be tried now, those that page first.
    Result<std::vector<Pending>> due(Channel channel, Time now);

    Result<> sent(std::int64_t message, Time now);
    enum class After : std::uint8_t { tried_again, given_up };
    Result<After> failed(std::int64_t message, Time now);

    /// Removes what is older than `kept`.
    Result<> forget(Time now);

    struct Counts {
        std::int64_t waiting = 0;   // notices that are in no message yet
        std::int64_t pending = 0;   // messages
        std::int64_t sent = 0;      // messages, lately
        std::int64_t given_up = 0;
        std::int64_t tries = 0;   // of those that are pending, the most
    };
    Result<Counts> counts(Channel channel);

private:
    Outbox(store::Database database, OutboxLimits limits) : database_(std::move(database)), limits_(limits) {}

    Result<bool> add(const Notice& notice, Time now);
    Result<> remember(const Told& told, Time now);
    Result<std::size_t> gather(Channel channel, Time now);
    Result<> make_message(Channel channel, std::span<const std::int64_t> notices, Time now);
    Result<std::size_t> give_up_past_limit(Channel channel, Time now);
    Result<Message> message(std::int64_t number);

    store::Database database_;
    OutboxLimits limits_;
};

}   // namespace ward::notify
