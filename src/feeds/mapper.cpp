// SPDX-License-Identifier: Apache-2.0
#include "feeds/mapper.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "core/log.hpp"
#include "hl7/charset.hpp"
#include "hl7/message.hpp"
#include "vault/arrivals.hpp"

namespace ward::feeds {
namespace {

/// What orders messages: those with the same one are mapped one after the other.
std::size_t order_of(const hl7::Segment& segment, std::initializer_list<std::size_t> fields) {
    for (const std::size_t field : fields)
        if (const auto identifier = segment[field][1]; !identifier.empty())
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

    /// Whether one of it has to wait, and all behind it: they may be about the same patient.
    bool is_blocked() {
        const Lock lock{mutex_};
        return blocked_;
    }
    void set_blocked(bool blocked) {
        const Lock lock{mutex_};
        blocked_ = blocked;
    }

    void wait_until_idle() {
        Lock lock{mutex_};
        changed_.wait(lock, [this]() WARD_TSA(requires_capability(mutex_)) {
            return (jobs_.empty() && !busy_) || abandoned_;
        });
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
    bool blocked_ GUARDED_BY(mutex_) = false;   // until everything that waits is tried again
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

bool Mapper::is_blocked() {
    return std::ranges::all_of(lanes_, [](const auto& lane) { return lane->is_blocked(); });
}

void Mapper::run(const std::stop_token& stop) {
    using std::chrono::steady_clock;
    auto pause = limits_.pause;
    auto again_at = steady_clock::time_point::min();   // when what had to wait is tried again
    while (!stop.stop_requested()) {
        {
            const Lock lock{mutex_};
            woken_ = false;
        }
        const bool begins = steady_clock::now() >= again_at;
        if (begins) {
            held_back_ = false;
            looked_at_ = -1;
            for (auto& lane : lanes_) lane->set_blocked(false);
        }
        const std::uint64_t mapped_before = mapped_;
        pass(stop);
        if (!held_back_) {
            pause = limits_.pause;
            again_at = steady_clock::time_point::min();
        } else if (begins) {
            if (mapped_ != mapped_before) pause = limits_.pause;
            again_at = steady_clock::now() + pause;
            pause = std::min(2 * pause, limits_.pause_max);
        }
        // What comes behind lanes that all have to wait is not looked at.
        const bool is_deaf = is_blocked();
        Lock lock{mutex_};
        if (!woken_) {
            settled_ = true;
            changed_.notify_all();
        }
        const auto is_woken = [this, is_deaf]()
                                  WARD_TSA(requires_capability(mutex_)) { return woken_ && !is_deaf; };
        if (held_back_)
            changed_.wait_until(lock, stop, again_at, is_woken);
        else
            changed_.wait(lock, stop, is_woken);
    }
}

/// Once through what waits behind the last that was looked at.
void Mapper::pass(const std::stop_token& stop) {
    while (!stop.stop_requested() && !is_blocked()) {
        std::vector<vault::Arrival> waiting;
        {
            const auto reader = vault_.readers().take();
            auto found = reader ? vault::Arrivals{**reader}.waiting(looked_at_, limits_.batch)
                                : Result<std::vector<vault::Arrival>>{tl::unexpected(reader.error())};
            if (!found) {
                log::error("messages that wait cannot be read", {{"reason", found.error().what}});
                held_back_ = true;
                break;
            }
            waiting = *std::move(found);
        }
        if (waiting.empty()) break;
        for (const auto& arrival : waiting) {
            if (stop.stop_requested() || is_blocked()) break;
            deal(arrival, stop);
            looked_at_ = arrival.seq;
        }
    }
    drain();
}

/// Hands a message to the lane of its patient.
void Mapper::deal(const vault::Arrival& arrival, const std::stop_token& stop) {
    auto message = received(vault_, arrival.seq);
    if (!message) {
        const Job unread{{.seq = arrival.seq, .id = {}, .time = {}, .text = {}}, feed_named_(arrival.feed)};
        conclude_failed(unread, message.error());
        return;
    }
    Job job{*std::move(message), feed_named_(arrival.feed)};
    std::set<Lane*> lanes;
    bool merges = false;
    if (const auto text = hl7::to_utf8(job.message.text, job.feed.charset))
        if (const auto parsed = hl7::Message::parse(*text)) {
            merges = parsed->first("MRG").exists();
            for (const auto segment : *parsed) {
                if (segment.name() == "PID" && (merges || lanes.empty()))
                    lanes.insert(&lane_of(order_of(segment, {3U, 2U, 4U})));
                if (segment.name() == "MRG") lanes.insert(&lane_of(order_of(segment, {1U, 4U})));
            }
        }
    if (lanes.empty()) lanes.insert(&lane_of(0));
    if (!merges) {
        if (queued_bytes_ > limits_.queued_bytes_max) drain();
        queued_bytes_ += job.message.text.size();
        (*lanes.begin())->add(std::move(job));
        return;
    }
    drain();   // everything before it about either patient is done
    const bool waits = std::ranges::any_of(lanes, [](auto* lane) { return lane->is_blocked(); });
    if (waits || !map_in_turn(job, stop))
        for (auto* lane : lanes) lane->set_blocked(true);
}

bool Mapper::map_in_turn(const Job& job, const std::stop_token& stop) {
    const auto turn = pace_.map(job.message.time, stop);
    return !stop.stop_requested() && map(job);
}

/// False if it has to be tried again.
bool Mapper::map(const Job& job) {
    Error error;
    for (int attempt = 0; attempt < limits_.attempts_max; ++attempt) {
        auto changes = chart(vault_, placing_, job.feed, job.message);
        auto committed =
            changes ? vault_.commit_and_wait(*changes) : Result<>{tl::unexpected(changes.error())};
        if (committed && changes->conclusions.empty()) {   // a part; each has all its attempts
            attempt = -1;
            continue;
        }
        if (committed) {
            ++mapped_;
            const Lock lock{mutex_};
            failures_.erase(job.message.seq);
            return true;
        }
        error = std::move(committed).error();
        if (error.code != Errc::conflict) break;
    }
    return conclude_failed(job, error);
}

/// False if it has to be tried again: not for ever, since all behind it waits. The message itself is kept
/// anyway.
bool Mapper::conclude_failed(const Job& job, const Error& error) {
    const bool is_for_now = error.code == Errc::limit_exceeded || error.code == Errc::unavailable;
    bool is_enough = error.code == Errc::malformed;
    if (!is_enough && !is_for_now) {
        const Lock lock{mutex_};
        is_enough = ++failures_[job.message.seq] >= limits_.failures_max;
    }
    if (is_enough && conclude_unmappable(job, error)) return true;
    held_back_ = true;
    ++(error.code == Errc::limit_exceeded ? postponed_ : failed_);
    if (error.code != Errc::limit_exceeded)
        log::error("a message could not be mapped yet", {{"seq", job.message.seq}, {"reason", error.what}});
    return false;
}

/// What came of the mapping cannot be kept, so it is told as a whole.
bool Mapper::conclude_unmappable(const Job& job, const Error& error) {
    const auto reason = job.message.id.empty()          ? "the message cannot be opened"
                        : error.code == Errc::malformed ? std::string_view{error.what}
                                                        : "it failed again and again";
    auto changes = chart_nothing(vault_, placing_, job.feed, job.message, reason);
    if (!changes || !vault_.commit_and_wait(*changes)) return false;
    log::warn("a message could not be mapped", {{"seq", job.message.seq}, {"reason", error.what}});
    ++mapped_;
    const Lock lock{mutex_};
    failures_.erase(job.message.seq);
    return true;
}

}   // namespace ward::feeds
