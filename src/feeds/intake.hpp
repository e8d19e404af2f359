// SPDX-License-Identifier: Apache-2.0
// Takes messages in: seals each as it came, and answers once it is on disk. What it says is for the mapping.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "core/mutex.hpp"
#include "feeds/feed.hpp"
#include "feeds/pace.hpp"
#include "hl7/fault.hpp"
#include "hl7/mllp.hpp"
#include "vault/vault.hpp"

namespace ward::feeds {

/// Read while messages come in; each number is exact, all together are not one instant.
struct IntakeCounters {
    std::uint64_t taken = 0;   // committed
    std::uint64_t duplicates =
        0;   // the same message of the same sender again: acknowledged, and not kept twice
    std::uint64_t repeated_ids = 0;   // of those taken: another message came under this control id before
    std::uint64_t refused = 0;        // AR or AE: what is no message, or does not say what it is
    std::uint64_t failed = 0;         // AE: it could not be stored
};

/// Ids of messages, each greater than the one before (RFC 9562, 6.2, method 1), so that of two that say
/// something of the same thing the later one is known. Callable from several threads.
class MessageIds {
public:
    std::string next(Time now);

private:
    Mutex mutex_;   // guards what the last one was made from
    Time last_ GUARDED_BY(mutex_){};
    unsigned count_ GUARDED_BY(mutex_) = 0;
};

/// One feed's. Callable from several threads. Borrows the vault, and the pace and the ids that all
/// feeds share.
class Intake {
public:
    /// `arrived` is called after each commit.
    Intake(vault::Vault& vault, Pace& pace, MessageIds& ids, Feed feed, std::function<void()> arrived)
        : vault_(vault), pace_(pace), ids_(ids), feed_(std::move(feed)), arrived_(std::move(arrived)) {}

    /// What to answer to the messages of a frame. Waits for their commits.
    std::vector<std::string> take(const hl7::Frame& frame);

    const Feed& feed() const { return feed_; }
    Time last_heard() const { return last_heard_; }
    IntakeCounters counters() const { return {taken_, duplicates_, repeated_ids_, refused_, failed_}; }
    /// What the last refused message had wrong, in a fixed phrase; empty if there was none.
    std::string last_fault() const;

private:
    struct Header;
    void refuse(const hl7::Fault& fault);
    hl7::Read<> take_message(std::string_view text, const Header& header);
    Result<> commit(std::string_view text, const Header& header);

    vault::Vault& vault_;
    Pace& pace_;
    MessageIds& ids_;
    Feed feed_;
    std::function<void()> arrived_;
    mutable Mutex mutex_;   // guards the last fault, which connections write and anybody reads
    std::string last_fault_ GUARDED_BY(mutex_);
    std::atomic<Time> last_heard_{Time{}};
    std::atomic<std::uint64_t> taken_ = 0, duplicates_ = 0, repeated_ids_ = 0, refused_ = 0, failed_ = 0;
};

/// The Binary that a message is kept as, and back to the message's bytes.
std::string binary_of(std::string_view message, std::string_view id, Time time);
Result<std::string> message_of(const std::string& binary);

}   // namespace ward::feeds
