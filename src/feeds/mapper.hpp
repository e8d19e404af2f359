// SPDX-License-Identifier: Apache-2.0
// Lets each message that waits change the record, in the order in which they came.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/mutex.hpp"
#include "feeds/charting.hpp"
#include "feeds/feed.hpp"
#include "feeds/pace.hpp"
#include "feeds/placing.hpp"
#include "vault/arrivals.hpp"
#include "vault/vault.hpp"

namespace ward::feeds {

struct MapperLimits {
    std::size_t threads = 32;                               // they wait for commits most of the time
    std::size_t queued_max = 16;                            // of each thread
    std::size_t queued_bytes_max = std::size_t{64} << 20;   // of all
    std::int64_t batch = 256;                               // looked up at once
    int attempts_max = 64;                                  // when other changes come first
    int failures_max = 8;   // after which a message is kept unmapped, if it is not for want of room
    // After which what could not be done is tried again: at first, and when nothing could for long.
    std::chrono::milliseconds pause{1'000};
    std::chrono::milliseconds pause_max{30'000};
};

/// Messages about one patient, as far as PID-3 tells, are mapped one after the other; a merge alone. Behind
/// one that has to wait, those about the same patients wait too. Borrows the vault and the pace.
class Mapper {
public:
    /// `feed_named` gives what is configured of a feed; messages of one that is not any more are mapped with
    /// defaults.
    Mapper(vault::Vault& vault, Pace& pace, std::function<Feed(const std::string& name)> feed_named,
           MapperLimits limits = {});
    ~Mapper();   // what was begun is finished; the rest waits on disk

    /// A message has come.
    void wake();

    /// Returns when nothing waits that can be mapped now.
    void settle();

    struct Counters {
        std::uint64_t mapped = 0;
        std::uint64_t postponed = 0;   // because no more charts may be opened
        std::uint64_t failed = 0;      // of attempts, for any other reason
    };
    Counters counters() const { return {mapped_, postponed_, failed_}; }

private:
    struct Job {
        Received message;
        Feed feed;
    };
    /// One thread and the messages that it will map, in order.
    class Lane;

    void run(const std::stop_token& stop);
    void pass(const std::stop_token& stop);
    void deal(const vault::Arrival& arrival, const std::stop_token& stop);
    Lane& lane_of(std::size_t order) { return *lanes_[order % lanes_.size()]; }
    bool is_blocked();   // all lanes are
    bool map_in_turn(const Job& job, const std::stop_token& stop);
    bool map(const Job& job);
    void drain();
    bool conclude_failed(const Job& job, const Error& error);
    bool conclude_unmappable(const Job& job, const Error& error);

    vault::Vault& vault_;
    Pace& pace_;
    std::function<Feed(const std::string&)> feed_named_;
    MapperLimits limits_;
    Placing placing_;

    Mutex mutex_;   // guards what the dealing thread is told, and tells, and what failed
    bool woken_ GUARDED_BY(mutex_) = true;
    bool settled_ GUARDED_BY(mutex_) = false;
    std::unordered_map<std::int64_t, int> failures_ GUARDED_BY(mutex_);   // of messages, by their seq
    std::condition_variable_any changed_;

    std::int64_t looked_at_ = -1;   // the last message that was dealt; who deals has it
    std::atomic<std::size_t> queued_bytes_ = 0;
    std::atomic<bool> held_back_ = false;   // something must be tried again
    std::atomic<std::uint64_t> mapped_ = 0, postponed_ = 0, failed_ = 0;

    std::vector<std::unique_ptr<Lane>> lanes_;
    std::jthread thread_;   // the last: it uses the others
};

}   // namespace ward::feeds
