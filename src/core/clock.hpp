// SPDX-License-Identifier: Apache-2.0
// Time is a parameter: only the shell asks a Clock, and tests hand in one that they move themselves.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

namespace ward {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
};

class SystemClock final : public Clock {
public:
    Time now() const override;
};

/// Stands still until it is told to move. Safe to read from any thread.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Time start) : now_(start) {}
    Time now() const override { return now_.load(); }
    void advance(std::chrono::milliseconds step) { now_.store(now_.load() + step); }

private:
    std::atomic<Time> now_;
};

/// A FHIR instant in UTC: 2026-01-31T09:05:00.000Z.
std::string to_instant(Time time);

}   // namespace ward
