// SPDX-License-Identifier: Apache-2.0
// What is still to happen, in the order of time.
#pragma once

#include <chrono>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

#include "core/assert.hpp"
#include "core/unique_function.hpp"

namespace ward::lab {

/// The story's time: nobody looks at a clock.
using Moment = std::chrono::sys_time<std::chrono::microseconds>;

inline std::chrono::microseconds milliseconds_of(double count) {
    return std::chrono::microseconds{static_cast<std::int64_t>(count * 1e3)};
}
inline std::chrono::microseconds seconds_of(double count) { return milliseconds_of(count * 1e3); }
inline std::chrono::microseconds minutes_of(double count) { return seconds_of(count * 60); }

class Agenda {
public:
    explicit Agenda(Moment start) : now_(start) {}

    Moment now() const { return now_; }

    /// The step of the scenario without which what is done now would not be done; 0: it would be. What is put
    /// off has the cause of what put it off.
    std::uint32_t cause() const { return cause_; }
    /// While it lives, that is the cause; 0 leaves it as it is.
    class Because {
    public:
        Because(Agenda& agenda, std::uint32_t cause) : agenda_(agenda), before_(agenda.cause_) {
            if (cause != 0) agenda_.cause_ = cause;
        }
        ~Because() { agenda_.cause_ = before_; }
        Because(const Because&) = delete;
        Because& operator=(const Because&) = delete;

    private:
        Agenda& agenda_;
        std::uint32_t before_;
    };

    /// What is put off to the same moment happens in the order in which it was put off.
    void at(Moment when, UniqueFunction<void()> deed) {
        WARD_ASSERT(when >= now_);
        entries_.push(Entry{when, next_++, cause_, std::move(deed)});
    }
    void in(std::chrono::microseconds delay, UniqueFunction<void()> deed) {
        at(now_ + delay, std::move(deed));
    }

    /// Until nothing is left before `end`.
    void run_until(Moment end) {
        while (!entries_.empty() && entries_.top().when < end) {
            // The queue gives out its first element to read only; it is taken away right after.
            auto deed = std::move(const_cast<Entry&>(entries_.top()).deed);
            now_ = entries_.top().when;
            const Because because{*this, entries_.top().cause};
            entries_.pop();
            deed();
        }
        now_ = end;
    }

private:
    struct Entry {
        Moment when;
        std::uint64_t number;
        std::uint32_t cause;
        UniqueFunction<void()> deed;
        bool operator<(const Entry& other) const {   // the queue gives out the greatest first
            return std::pair{other.when, other.number} < std::pair{when, number};
        }
    };

    Moment now_;
    std::uint64_t next_ = 0;
    std::uint32_t cause_ = 0;
    std::priority_queue<Entry> entries_;
};

}   // namespace ward::lab
