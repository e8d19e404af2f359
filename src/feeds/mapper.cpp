// SPDX-License-Identifier: Apache-2.0
#include "feeds/mapper.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "core/log.hpp"
#include "hl7/charset.hpp"
#include "hl7/message.hpp"
#include "vault/arrivals.hpp"

namespace ward::feeds {
namespace {

/// What orders messages: those with the same one are mapped one after the other.
std::size_t order_of(const hl7::Message& message) {
    const auto pid = message.first("PID");
    for (const std::size_t field : {3U, 2U, 4U})
        if (const auto identifier = pid[field][1]; !identifier.empty())
            return std::hash<std::string_view>{}(identifier.raw());
    return 0;
}

}   // namespace

class Mapper::Lane {
public:
    Lane(Mapper& mapper, std::size_t queued_max)
        : mapper_(mapper),
          queued_max_(queued_max),
          thread_([this](const std::stop_token& stop) { run(stop); }) {}

    /// Waits for room.
    void add(Job job) {
        Lock lock{mutex_};
        changed_.wait(lock, [this]() WARD_TSA(requires_capability(mutex_)) {
            return jobs_.size() < queued_max_ || abandoned_;
        });
        if (abandoned_) return;
        jobs_.push_back(std::move(job));
        changed_.notify_all();
    }

    /// What was not begun stays on disk.
    void abandon() {
        thread_.request_stop();
        const Lock lock{mutex_};
        abandoned_ = true;
        jobs_.clear();
        changed_.notify_all();
    }

    /// Whether one of it has to wait, and all behind it.
    bool is_blocked() {
        const Lock lock{mutex_};
        return blocked_;
    }

    void wait_until_idle() {
        Lock lock{mutex_};
        changed_.wait(lock, [this]() WARD_TSA(requires_capability(mutex_)) {
            return (jobs_.empty() && !busy_) || abandoned_;
        });
        blocked_ = false;
    }

private:
    void run(const std::stop_token& stop) {
        for (;;) {
            std::optional<Job> job;
            bool skips = false;
            {
                Lock lock{mutex_};
                changed_.wait(lock, stop,
                              [this]() WARD_TSA(requires_capability(mutex_)) { return !jobs_.empty(); });
                if (stop.stop_requested()) return;
                job.emplace(std::move(jobs_.front()));
                jobs_.pop_front();
                busy_ = true;
                skips = blocked_;
            }
            // Behind one that has to wait, the others of this lane wait too: they may be about the same
            // patient.
            const bool done = !skips && mapper_.map_in_turn(*job, stop);
            mapper_.queued_bytes_ -= job->message.text.size();
            const Lock lock{mutex_};
            busy_ = false;
            if (!done) blocked_ = true;
            changed_.notify_all();
        }
    }

    Mapper& mapper_;
    std::size_t queued_max_;
    Mutex mutex_;   // guards the queue and what of it is being done
    std::deque<Job> jobs_ GUARDED_BY(mutex_);
    bool busy_ GUARDED_BY(mutex_) = false;
    bool blocked_ GUARDED_BY(mutex_) = false;   // until the pass ends
    bool abandoned_ GUARDED_BY(mutex_) = false;
    std::condition_variable_any changed_;
    std::jthread thread_;
};

Mapper::Mapper(vault::Vault& vault, Pace& pace, std::function<Feed(const std::string&)> feed_named,
               MapperLimits limits)
    : vault_(vault), pace_(pace), feed_named_(std::move(feed_named)), limits_(limits), placing_(vault) {
    for (std::size_t i = 0; i < limits_.threads; ++i)
        lanes_.push_back(std::make_unique<Lane>(*this, limits_.queued_max));
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

Mapper::~Mapper() {
    thread_.request_stop();
    for (auto& lane : lanes_) lane->abandon();
    thread_.join();
}

void Mapper::wake() {
    const Lock lock{mutex_};
    woken_ = true;
    settled_ = false;
    changed_.notify_all();
}

void Mapper::settle() {
    Lock lock{mutex_};
    changed_.wait(lock, [this]() WARD_TSA(requires_capability(mutex_)) { return settled_ && !woken_; });
}

void Mapper::drain() {
    for (auto& lane : lanes_) lane->wait_until_idle();
}

void Mapper::run(const std::stop_token& stop) {
    for (auto pause = limits_.pause; !stop.stop_requested();) {
        {
            const Lock lock{mutex_};
            woken_ = false;
        }
        held_back_ = false;
        const std::uint64_t mapped_before = mapped_;
        const auto passed = pass(stop);
        if (mapped_ != mapped_before || passed == Passed::all) pause = limits_.pause;
        Lock lock{mutex_};
        if (!woken_) {
            settled_ = true;
            changed_.notify_all();
        }
        const auto is_woken = [this]() WARD_TSA(requires_capability(mutex_)) { return woken_; };
        if (passed == Passed::all)
            changed_.wait(lock, stop, is_woken);
        else if (passed == Passed::some)
            changed_.wait_for(lock, stop, pause, is_woken);
        else   // what comes meanwhile stands behind what has to wait
            changed_.wait_for(lock, stop, pause, [] { return false; });
        pause = std::min(2 * pause, limits_.pause_max);
    }
}

/// Once through everything that waits, until nothing of the rest could be mapped.
Mapper::Passed Mapper::pass(const std::stop_token& stop) {
    for (std::int64_t after = -1; !stop.stop_requested();) {
        std::vector<vault::Arrival> waiting;
        {
            const auto reader = vault_.readers().take();
            auto found = reader ? vault::Arrivals{**reader}.waiting(after, limits_.batch)
                                : Result<std::vector<vault::Arrival>>{tl::unexpected(reader.error())};
            if (!found) {
                log::error("messages that wait cannot be read", {{"reason", found.error().what}});
                drain();
                return Passed::blocked;
            }
            waiting = *std::move(found);
        }
        if (waiting.empty()) break;
        for (const auto& arrival : waiting) {
            if (stop.stop_requested()) break;
            // A merge has to wait, and so has all that follows it.
            if (!deal(arrival, stop)) return Passed::blocked;
            // Nothing else could be mapped: the rest of a long backlog need not be opened again and again.
            if (std::ranges::all_of(lanes_, [](const auto& lane) { return lane->is_blocked(); })) {
                drain();
                return Passed::blocked;
            }
        }
        after = waiting.back().seq;
    }
    drain();
    return held_back_ ? Passed::some : Passed::all;
}

/// Hands a message to the lane of its patient.
bool Mapper::deal(const vault::Arrival& arrival, const std::stop_token& stop) {
    auto message = received(vault_, arrival.seq);
    if (!message) {
        held_back_ = true;
        ++failed_;
        log::error("a message cannot be opened", {{"seq", arrival.seq}, {"reason", message.error().what}});
        return true;
    }
    Job job{*std::move(message), feed_named_(arrival.feed)};
    std::size_t order = 0;
    bool merges = false;
    if (const auto text = hl7::to_utf8(job.message.text, job.feed.charset))
        if (const auto parsed = hl7::Message::parse(*text)) {
            order = order_of(*parsed);
            merges = parsed->first("MRG").exists();
        }
    if (!merges) {
        if (queued_bytes_ > limits_.queued_bytes_max) drain();
        queued_bytes_ += job.message.text.size();
        lanes_[order % lanes_.size()]->add(std::move(job));
        return true;
    }
    drain();   // everything before it about either patient is done
    if (!held_back_) map_in_turn(job, stop);
    return !held_back_;
}

bool Mapper::map_in_turn(const Job& job, const std::stop_token& stop) {
    const auto turn = pace_.map(job.message.time, stop);
    return !stop.stop_requested() && map(job);
}

/// False if it has to be tried again.
bool Mapper::map(const Job& job) {
    for (int attempt = 0; attempt < limits_.attempts_max; ++attempt) {
        auto changes = chart(vault_, placing_, job.feed, job.message);
        const auto committed =
            changes ? vault_.commit_and_wait(*changes) : Result<>{tl::unexpected(changes.error())};
        if (committed) {
            ++mapped_;
            return true;
        }
        const auto& error = committed.error();
        if (error.code == Errc::conflict) continue;
        if (error.code == Errc::malformed && conclude_unmappable(job, error)) return true;
        held_back_ = true;
        ++(error.code == Errc::limit_exceeded ? postponed_ : failed_);
        if (error.code != Errc::limit_exceeded)
            log::error("a message could not be mapped yet",
                       {{"seq", job.message.seq}, {"reason", error.what}});
        return false;
    }
    held_back_ = true;
    ++failed_;
    return false;
}

/// What came of the mapping cannot be kept, so it is told as a whole: the message itself is kept anyway.
bool Mapper::conclude_unmappable(const Job& job, const Error& error) {
    auto changes = chart_nothing(vault_, placing_, job.feed, job.message, error.what);
    if (!changes) return false;
    log::warn("a message could not be mapped", {{"seq", job.message.seq}, {"reason", error.what}});
    if (!vault_.commit_and_wait(*changes)) return false;
    ++mapped_;
    return true;
}

}   // namespace ward::feeds
